import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { runReport } from '../../src/cli/report.js';
import { writePopulation } from '../../src/population/population.js';
import { filePlace, NOW, type Place } from '../feedback/places.js';
import { fill } from '../monitoring/store-of-weeks.js';
import { run } from '../replay/running.js';
import { chromiumPath, launchChromium } from './chromium.js';

if (chromiumPath === undefined) {
  process.stdout.write('tests/browser/reports: skipped, no Chromium found in /usr/bin\n');
}
const withBrowser = chromiumPath === undefined ? describe.skip : describe;

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
/** A4 at 96 dots an inch, without its margins. */
const paper = { width: 720, height: 1000 };

const folder = mkdtempSync(join(tmpdir(), 'cds-reports-'));
const report = join(folder, 'report');
const replay = join(folder, 'replay');

withBrowser.each([
  ['of the running service', report, 6],
  ['of a replay', replay, 4],
])('the report %s, opened from a file', (_which, output, least) => {
  const address = pathToFileURL(join(output, 'report.html')).href;

  async function open(viewport = { width: 1100, height: 900 }, bypassCSP = false) {
    const context = await browser.newContext({ viewport, bypassCSP });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('request', (request) => {
      if (request.url() !== address) faults.push(`asks for ${request.url()}`);
    });
    await page.goto(address);
    return { page, faults, close: () => context.close() };
  }

  it('needs no network, and shows the language that is chosen', async () => {
    const { page, faults, close } = await open();
    for (const [chosen, other] of [
      ['fr', 'en'],
      ['en', 'fr'],
    ] as const) {
      await page.check(`#${chosen}`);
      expect(await page.locator(`main.${chosen}`).isVisible()).toBe(true);
      expect(await page.locator(`main.${other}`).isVisible()).toBe(false);
      expect(await page.locator(`main.${chosen} svg[role=img]`).count()).toBeGreaterThanOrEqual(least / 2);
    }
    expect(faults).toEqual([]);
    await close();
  });

  it('is accessible in both languages, opened wholly', async () => {
    const { page, close } = await open(undefined, true);
    await page.evaluate(axe);
    await page.evaluate(`document.querySelectorAll('details').forEach((each) => { each.open = true; })`);
    for (const language of ['en', 'fr']) {
      await page.check(`#${language}`);
      const violations = await page.evaluate(
        `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
          .then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0]?.html]))`,
      );
      expect([language, violations]).toEqual([language, []]);
    }
    await close();
  });

  it('prints all of the chosen language, also what is folded, within the paper', async () => {
    const { page, close } = await open(paper);
    await page.check('#fr');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('input').first().isVisible()).toBe(false);
    const folded = page.locator('main.fr details:not([open]) table');
    expect(await folded.count()).toBeGreaterThan(0);
    const heights = await folded.evaluateAll((tables) => tables.map(({ clientHeight }) => clientHeight));
    expect(heights.filter((height) => height === 0)).toEqual([]);
    const wide = await page
      .locator('main.fr table, main.fr svg')
      .evaluateAll(
        (all, width) =>
          all
            .filter((each) => each.getBoundingClientRect().right > width + 1)
            .map(({ outerHTML }) => outerHTML.slice(0, 200)),
        paper.width,
      );
    expect(wide).toEqual([]);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await close();
  });
});

let browser: Browser;
let place: Place | undefined;
beforeAll(async () => {
  if (chromiumPath === undefined) return;
  browser = await launchChromium();
  place = await filePlace();
  await fill(place.url);
  const env = { DATABASE_URL: place.url };
  const weeks = ['--from', '2026-08-20', '--to', '2026-10-19', '--output', report];
  expect(await runReport(weeks, env, NOW)).toBe(0);
  const input = join(folder, 'input');
  await writePopulation({ patients: 30, seed: 5, output: input, share: 0.3 });
  const played = await run(['--input', input, '--output', replay, '--workers', '1']);
  expect([played.code, played.err]).toEqual([0, '']);
}, 240_000);
afterAll(async () => {
  if (chromiumPath === undefined) return;
  await browser.close();
  await place?.remove();
  rmSync(folder, { recursive: true, force: true });
});
