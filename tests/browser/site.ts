import { rm } from 'node:fs/promises';
import { pino } from 'pino';
import type { Browser } from 'playwright-core';
import { readConfig } from '../../src/config.js';
import { start, type StartOptions } from '../../src/start.js';
import { preparedFor } from '../shared/knowledge.js';
import { launchChromium } from './chromium.js';

type Resource = Readonly<Record<string, unknown>>;

/** The running service with its sandbox, and a Chromium to look at it. */
export interface Site {
  readonly base: string;
  readonly browser: Browser;
  readonly metrics: () => Promise<string>;
  /** What the sandbox's FHIR server finds: `Observation?patient=…`. */
  readonly search: (query: string) => Promise<readonly Resource[]>;
  readonly close: () => Promise<void>;
}

/** The resources that the sandbox of this site finds. */
export async function searchSandbox(base: string, query: string): Promise<readonly Resource[]> {
  const response = await fetch(`${base}/sandbox/fhir/${query}`);
  const bundle = (await response.json()) as { entry?: { resource: Resource }[] };
  return (bundle.entry ?? []).map(({ resource }) => resource);
}

/**
 * Starts the service on a free port.
 * @param folder of its store; removed when the site is closed
 */
export async function openSite(
  folder: string,
  additions: NonNullable<StartOptions['additions']>,
): Promise<Site> {
  const read = readConfig({ PORT: '0', DATABASE_URL: `file:${folder}/cds.sqlite` });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  // Many pages are opened as one user on one chart: each is to show what a chart says.
  const running = await start({
    config: read.config,
    prepared: preparedFor(read.config),
    log: pino({ level: 'silent' }),
    saysAgain: true,
    additions,
  });
  const browser = await launchChromium();
  return {
    base: running.url,
    browser,
    metrics: async () => (await fetch(`${running.url}/metrics`)).text(),
    search: (query) => searchSandbox(running.url, query),
    async close() {
      await browser.close();
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
