import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Router } from 'express';
import type { Page } from 'playwright-core';
import { sandboxRouter, traceBook } from '../../src/sandbox/app.js';
import { openSite, type Site } from './site.js';

const run = promisify(execFile);

/** The real service and sandbox with the page that plays the EHR, built here; the SMART app is an empty page. */
export async function ehrSite(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'ehr-page-'));
  const pageFolder = join(folder, 'page');
  const vite = join(process.cwd(), 'node_modules/vite/bin/vite.js');
  const config = 'src/sandbox/page/vite.config.ts';
  // Jest's own NODE_ENV would give the development build of React.
  const env = { ...process.env, NODE_ENV: 'production' };
  await run(process.execPath, [vite, 'build', '-c', config, '--outDir', pageFolder], { env });
  const smartApp = Router();
  smartApp.use((_request, response) => {
    response.type('html').send('<!doctype html><title>app</title><p>The app</p>');
  });
  const traces = traceBook();
  return openSite(folder, ({ baseUrl, clock }) => ({
    pages: { '/smart': smartApp },
    sandbox: sandboxRouter({
      clients: { smartApp: 'bone-metastasis-smart', service: 'bone-metastasis-cds' },
      baseUrl,
      clock,
      pageFolder,
      demoPatients: 'fixtures/patients/demo',
      traces,
    }),
    trace: traces.keep,
  }));
}

/** What the page asked of the CDS service, in order. */
export interface HookCall {
  readonly service: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface OpenPage {
  readonly page: Page;
  readonly calls: readonly HookCall[];
  /** What went wrong in the page: errors, and what its Content-Security-Policy refused. */
  readonly faults: readonly string[];
}

/** A page of its own, with an empty profile, at the given path. */
export async function openPage(
  site: Pick<Site, 'base' | 'browser'>,
  path: string,
  options: {
    readonly width?: number;
    readonly locale?: string;
    readonly colorScheme?: 'light' | 'dark';
    readonly forcedColors?: 'active' | 'none';
    readonly bypassCSP?: boolean;
  } = {},
): Promise<OpenPage> {
  const { width = 1280, locale = 'en-GB', ...others } = options;
  const context = await site.browser.newContext({
    viewport: { width, height: 800 },
    locale,
    // No colour is measured on its way to another.
    reducedMotion: 'reduce',
    ...others,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const calls: HookCall[] = [];
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('request', (request) => {
    const service = /\/cds-services\/(.+)$/.exec(request.url())?.[1];
    const body: unknown = request.postDataJSON();
    if (service === undefined || typeof body !== 'object' || body === null) return;
    calls.push({ service, headers: request.headers(), body: { ...body } });
  });
  await page.goto(`${site.base}${path}`);
  return { page, calls, faults };
}
