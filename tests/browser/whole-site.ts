import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Browser } from 'playwright-core';
import { readConfig } from '../../src/config.js';
import { mount } from '../../src/mount.js';
import { sandboxRouter } from '../../src/sandbox/app.js';
import { start } from '../../src/start.js';
import { launchChromium } from './chromium.js';

/** The service as `npm start` serves it, with a store of its own, and a Chromium. */
export interface WholeSite {
  readonly base: string;
  readonly browser: Browser;
  readonly search: (query: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly close: () => Promise<void>;
}

/**
 * Starts the service on a free port, with the pages that `npm run build` made.
 * @param accessTokenSeconds lifetime of the sandbox's access tokens; its own default when left out
 */
export async function wholeSite(accessTokenSeconds?: number): Promise<WholeSite> {
  const folder = await mkdtemp(join(tmpdir(), 'whole-site-'));
  const read = readConfig({ PORT: '0', DATABASE_URL: `file:${folder}/cds.sqlite` });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const running = await start({
    config: read.config,
    log: pino({ level: 'silent' }),
    additions: async (deployment) => {
      if (accessTokenSeconds === undefined) return mount(deployment);
      const { baseUrl, clock } = deployment;
      const sandbox = sandboxRouter({
        baseUrl,
        clock,
        accessTokenSeconds,
        demoPatients: 'fixtures/patients/demo',
        pageFolder: 'dist/sandbox-page',
      });
      return { ...(await mount(deployment, { sandbox: false })), sandbox };
    },
  });
  const browser = await launchChromium();
  return {
    base: running.url,
    browser,
    async search(query) {
      const response = await fetch(`${running.url}/sandbox/fhir/${query}`);
      const bundle = (await response.json()) as { entry?: { resource: Record<string, unknown> }[] };
      return (bundle.entry ?? []).map(({ resource }) => resource);
    },
    async close() {
      await browser.close();
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
