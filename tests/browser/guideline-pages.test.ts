import { gzipSync } from 'node:zlib';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { chromiumPath } from './chromium.js';
import type { Site } from './site.js';
import { wholeSite } from './whole-site.js';

if (chromiumPath === undefined) {
  process.stdout.write('tests/browser/guideline-pages: skipped, no Chromium found in /usr/bin\n');
}
const withBrowser = chromiumPath === undefined ? describe.skip : describe;

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const beyond = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
const paths = [
  '',
  '?q=nothing+like+this',
  '/sins-surgical-opinion',
  '/zoledronic-acid-renal-dose?code=M05',
  '/recommendations/T-03',
  '/recommendations/T-18',
  '/to-complete',
  '/try?rule=sins-surgical-opinion',
  '/try?rule=sins-surgical-opinion&f.sins-pain=none&f.sins-lesion=mixed',
  '/nothing',
];

withBrowser('the pages of the guideline', () => {
  let site: Site;
  beforeAll(async () => {
    site = await wholeSite();
  }, 60_000);
  afterAll(async () => {
    await site.close();
  });

  async function open(path: string, options: Parameters<Site['browser']['newContext']>[0] = {}) {
    const context: BrowserContext = await site.browser.newContext(options);
    const page: Page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      // The page of an address that names nothing is a 404, and Chromium says so.
      if (message.type() === 'error' && !message.text().includes('404')) faults.push(message.text());
    });
    await page.goto(`${site.base}/guideline${path}`);
    return { page, faults, close: () => context.close() };
  }

  it.each(paths)('%s is accessible in light, dark and forced colours, in both languages', async (path) => {
    for (const [colours, locale] of [
      [{ colorScheme: 'light' }, 'en-GB'],
      [{ colorScheme: 'dark' }, 'fr-FR'],
      // Twice the size in a window of 1280: half as many pixels of CSS.
      [{ forcedColors: 'active', viewport: { width: 640, height: 400 } }, 'fr-FR'],
    ] as const) {
      const { page, faults, close } = await open(path, { ...colours, locale, bypassCSP: true });
      await page.evaluate(axe);
      const violations = await page.evaluate(
        `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
          .then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0]?.html]))`,
      );
      expect([path, colours, violations]).toEqual([path, colours, []]);
      expect(await page.evaluate(beyond)).toBe(0);
      expect(faults).toEqual([]);
      await close();
    }
  });

  it.each(paths)('%s fits 320 pixels', async (path) => {
    for (const locale of ['en-GB', 'fr-FR']) {
      const { page, close } = await open(path, { viewport: { width: 320, height: 640 }, locale });
      expect([path, locale, await page.evaluate(beyond)]).toEqual([path, locale, 0]);
      await close();
    }
  });

  it('finds while one types, and keeps the question in the address', async () => {
    const { page, faults, close } = await open('?lang=en');
    await page.getByLabel('Search', { exact: true }).fill('zoledronic clearance');
    await page.waitForURL(/q=zoledronic\+clearance/);
    await expect(page.getByRole('status').textContent()).resolves.toMatch(/^\d{1,2} recommendations$/);
    await page.getByLabel('Severity').selectOption('critical');
    await page.waitForURL(/severity=critical/);
    expect(await page.getByRole('link', { name: 'T-13', exact: true }).count()).toBe(1);
    expect(faults).toEqual([]);
    await close();
  });

  it('finds without JavaScript too', async () => {
    const { page, close } = await open('?lang=fr', { javaScriptEnabled: false });
    await page.getByLabel('Rechercher', { exact: true }).fill('clairance');
    await page.getByRole('button', { name: 'Rechercher' }).click();
    await page.waitForURL(/q=clairance/);
    expect(await page.getByRole('link', { name: 'T-13', exact: true }).count()).toBe(1);
    await close();
  });

  it('answers what it would say while an item of the score is moved, under a link that stays', async () => {
    const { page, faults, close } = await open('/try?rule=sins-surgical-opinion&lang=en');
    const asked = page.locator('.asked-for');
    await expect(asked.textContent()).resolves.toContain('Speaks');
    await page.getByLabel(/\(SINS\): Pain$/).selectOption('none');
    await page.getByLabel(/\(SINS\): Bone lesion$/).selectOption('mixed');
    await page.waitForURL(/f\.sins-lesion=mixed/);
    await page.locator('.asked-for .badge-silent').waitFor();
    await expect(asked.textContent()).resolves.toMatch(/because SINS: 6/);
    await page.reload();
    await expect(page.locator('.asked-for').textContent()).resolves.toMatch(/because SINS: 6/);
    await page.getByRole('combobox', { name: 'Patient' }).selectOption('4');
    await page.waitForURL(/example=4/);
    expect(page.url()).not.toContain('f.sins-pain');
    expect(faults).toEqual([]);
    await close();
  });

  it('answers it without JavaScript too', async () => {
    const { page, close } = await open('/try?rule=sins-surgical-opinion&lang=en', {
      javaScriptEnabled: false,
    });
    await page.getByLabel(/\(SINS\): Pain$/).selectOption('none');
    await page.getByLabel(/\(SINS\): Bone lesion$/).selectOption('mixed');
    await page.getByRole('button', { name: 'What would it say?' }).click();
    await page.locator('.asked-for .badge-silent').waitFor();
    await close();
  });

  it('is reached by the keyboard: the content first, then every control', async () => {
    const { page, close } = await open('?lang=en');
    await page.keyboard.press('Tab');
    await expect(page.evaluate('document.activeElement.textContent')).resolves.toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect(page.evaluate('document.activeElement.id')).resolves.toBe('q');
    await close();
  });

  it('prints the whole of a rule', async () => {
    const { page, close } = await open('/sins-surgical-opinion?lang=en');
    const pdf = await page.pdf({ format: 'A4' });
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? [];
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.length).toBeLessThan(15);
    await close();
  });

  it('needs less than 100 kB of script', () => {
    const folder = 'dist/guideline-assets/assets';
    const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
    const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(`${folder}/${name}`)).length, 0);
    expect(scripts.length).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(100_000);
  });
});
