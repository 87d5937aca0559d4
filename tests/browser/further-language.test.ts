import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { smartApp } from '../../src/http/smart.js';
import { shippedArtifacts } from '../../src/knowledge/read/read-artifacts.js';
import { sandboxRouter } from '../../src/sandbox/app.js';
import { invented } from '../words/invented.js';
import { chromiumPath } from './chromium.js';
import { openPage } from './ehr-page-site.js';
import { openSite, type Site } from './site.js';

if (chromiumPath === undefined) {
  process.stdout.write('tests/browser/further-language: skipped, no Chromium found in /usr/bin\n');
}
const withBrowser = chromiumPath === undefined ? describe.skip : describe;
const run = promisify(execFile);

/** The page of this configuration, built with the languages of a folder. */
async function build(config: string, artifacts: string, outDir: string): Promise<void> {
  const own = `${outDir}.vite.config.mjs`;
  const made = `import { configWith } from ${JSON.stringify(resolve(config))};\nexport default configWith(${JSON.stringify(artifacts)});\n`;
  await writeFile(own, made);
  const vite = join(process.cwd(), 'node_modules/vite/bin/vite.js');
  const env = { ...process.env, NODE_ENV: 'production' };
  await run(process.execPath, [vite, 'build', '-c', own, '--outDir', outDir], { env });
}

/** Files of words that a page asked for, by language. */
const languageOf = (address: string): readonly string[] =>
  /\/assets\/(en|fr|xx)-[^/]+\.js$/.exec(address)?.slice(1) ?? [];

withBrowser('pages that were built with a language more', () => {
  let site: Site;
  let pages = '';
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'further-language-'));
    const artifacts = join(folder, 'artifacts');
    await cp(join(shippedArtifacts, 'languages'), join(artifacts, 'languages'), { recursive: true });
    for (const { path, text } of invented) {
      await mkdir(dirname(join(artifacts, path)), { recursive: true });
      await writeFile(join(artifacts, path), text);
    }
    pages = folder;
    await build('src/smart-app/vite.config.ts', artifacts, join(folder, 'app'));
    await build('src/sandbox/page/vite.config.ts', artifacts, join(folder, 'ehr'));
    site = await openSite(folder, (deployment) => ({
      pages: { '/smart': smartApp(deployment, join(folder, 'app')) },
      sandbox: sandboxRouter({
        baseUrl: deployment.baseUrl,
        clock: deployment.clock,
        pageFolder: join(folder, 'ehr'),
        demoPatients: 'fixtures/patients/demo',
        clients: { smartApp: 'bone-metastasis-smart', service: 'bone-metastasis-cds' },
      }),
    }));
  }, 120_000);
  afterAll(async () => {
    await site.close();
    await rm(pages, { recursive: true, force: true });
  });

  it('say it before any script has come', async () => {
    const first = async (path: string): Promise<string> =>
      (await fetch(`${site.base}${path}`, { headers: { 'accept-language': 'xx, en;q=0.5' } })).text();
    expect(await first('/')).toMatch(/<html lang="xx"[^]*<h1>Xa xe\?<\/h1>/);
    expect(await first('/smart/')).toMatch(/<html lang="xx"[^]*<title>Xorros<\/title>[^]*Xarta lexa…/);
    expect(await first('/smart/launch')).toContain('Connecting to the record…');
  });

  it('offer it in the sandbox by its own name, and fetch the words of what is spoken only', async () => {
    const { page, faults } = await openPage(site, '/', { locale: 'en-GB' });
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(...languageOf(request.url())));
    await page.reload();
    await page.getByRole('navigation', { name: 'Patients' }).waitFor();
    expect(new Set(fetched)).toEqual(new Set(['en']));
    const choice = page.getByRole('group', { name: 'Language' }).getByRole('button');
    expect(await choice.allTextContents()).toEqual(['English', 'Français', 'Xanxa']);
    await page.getByRole('button', { name: 'Xanxa' }).click();
    await page.getByRole('heading', { name: 'Xa xe?' }).waitFor();
    await page.getByRole('navigation', { name: 'Xatienta' }).waitFor();
    expect(await page.getByText('Fictitious patients').count()).toBe(1);
    expect(await page.locator('html').getAttribute('lang')).toBe('xx');
    expect(new Set(fetched)).toEqual(new Set(['en', 'xx']));
    await page.reload();
    await page.getByRole('heading', { name: 'Xa xe?' }).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('say it in the SMART app, and English where it has no words', async () => {
    const answer = await fetch(`${site.base}/sandbox/launch`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ patient: 'amina-benali', appContext: JSON.stringify({ language: 'xx' }) }),
    });
    const { launch } = (await answer.json()) as { launch: string };
    const iss = encodeURIComponent(`${site.base}/sandbox/fhir`);
    const { page, faults } = await openPage(site, `/smart/launch?iss=${iss}&launch=${launch}`);
    await page.locator('.scores-section').first().waitFor();
    expect(await page.getByRole('link', { name: 'Xa tota' }).count()).toBe(1);
    expect(await page.getByRole('link', { name: 'Tumour board summary' }).count()).toBe(1);
    expect(await page.title()).toContain('Xorros');
    await page.getByRole('button', { name: 'Français' }).click();
    await page.getByRole('link', { name: 'Synthèse pour la RCP' }).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('hold no words of another language in their own script', async () => {
    const html = await readFile(join(pages, 'ehr/index.html'), 'utf8');
    const [, script = ''] = /src="([^"]+\.js)"/.exec(html) ?? [];
    const code = await readFile(join(pages, 'ehr', script), 'utf8');
    expect(code).not.toContain('Fictitious patients');
    expect(code).not.toContain('Patients fictifs');
  });
});
