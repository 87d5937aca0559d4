import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { chromiumPath, launchChromium } from './chromium.js';
import { chart, scoresBody } from './smart-chart.js';
import { smartSite, type SmartSite } from './smart-site.js';

if (chromiumPath === undefined) {
  process.stdout.write('tests/browser/smart-app: skipped, no Chromium found in /usr/bin\n');
}
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

const sins = { score: 'sins', lesion: 'BodyStructure/smart-l1', language: 'en' };
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

inBrowser('the SMART app in a browser', () => {
  let site: SmartSite;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let faults: string[] = [];
  let elsewhere: string[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
    site = await smartSite();
    for (const resource of chart) await site.create(resource);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    site.close();
  });
  beforeEach(async () => {
    site.scoresAnswer = { status: 200, body: scoresBody };
    context = await browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1280, height: 900 },
      // No colour is measured on its way to another.
      reducedMotion: 'reduce',
    });
    page = await context.newPage();
    faults = [];
    elsewhere = [];
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('request', (request) => {
      if (!request.url().startsWith(site.base)) elsewhere.push(request.url());
    });
  });
  afterEach(async () => {
    await context.close();
    expect(faults).toEqual([]);
    expect(elsewhere).toEqual([]);
  });

  async function launch(patient: string, appContext?: unknown): Promise<void> {
    await page.goto(await site.launchUrl(patient, appContext));
    await page.getByRole('heading', { level: 1 }).waitFor();
  }
  const answer = async (group: string, name: string): Promise<void> => {
    await page.getByRole('group', { name: group, exact: true }).getByText(name, { exact: true }).click();
  };
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  async function violations(): Promise<readonly string[]> {
    // Evaluated, not added as a script element: the page's own policy refuses inline scripts.
    await page.evaluate(axeSource);
    return page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: {
          run: (options: unknown) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
        };
      };
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
      const result = await axe.run({ runOnly: tags });
      return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
  }

  it('opens on the score and lesion of the card, filled from the chart with source and date', async () => {
    await launch('smart-anna', sins);
    await page.getByRole('heading', { name: /SINS.*T12/ }).waitFor();
    expect(await page.title()).toMatch(/^SINS · T12 · Bone metastasis scores$/);
    const known = page.locator('.known-item', { hasText: 'Bone lesion' });
    expect(await known.innerText()).toMatch(/Bone lesion: lytic, 2 · 11 Feb · From a fact in the chart/);
    expect(await known.innerText()).toContain('Old: more than 3 months ago');
    expect(await page.locator('main').innerText()).not.toMatch(/BodyStructure|Observation|smart-|SINS-\d/);
    expect(await page.getByRole('group', { name: 'Alignment', exact: true }).innerText()).toContain(
      'Contradictory',
    );
    expect(await page.locator('.outcome').innerText()).toContain('Total can be 8–9, 11–13, 15');
  });

  it('closes the loop: answer, check, save; the record holds the score as an Observation', async () => {
    await launch('smart-anna', sins);
    await answer('Pain', 'mechanical');
    expect(await page.locator('.outcome').innerText()).not.toMatch(/Total \d/);
    await answer('Alignment', 'normal');
    expect(await page.locator('.outcome [role=status]').innerText()).toMatch(
      /Total 11\s+Class: potentially unstable\s+The guideline proposes to ask for a surgical opinion\./,
    );
    await button('Save').click();
    await page.getByText('Saved. The score is in the record.').waitFor();

    const [written] = await site.search('Observation?patient=smart-anna&_sort=-_lastUpdated&_count=1');
    expect(written).toMatchObject({
      status: 'final',
      valueInteger: 11,
      focus: [{ reference: 'BodyStructure/smart-l1' }],
      subject: { reference: 'Patient/smart-anna' },
    });
    expect(written?.['component']).toHaveLength(6);
    expect(await site.search('QuestionnaireResponse?patient=smart-anna')).toHaveLength(1);
    const kept = await page.evaluate(() =>
      Object.keys(sessionStorage).filter((key) => key.includes('draft')),
    );
    expect(kept).toEqual([]);
  });

  /** Where a score is saved: one transaction, or piece by piece on a server that takes none. */
  const isWritten = ({ pathname }: URL): boolean => /^\/sandbox\/fhir(?:\/|\/Observation)?$/.test(pathname);

  it.each([
    [401, 'The session has ended (401)'],
    [403, 'does not allow this user'],
    [409, 'changed at the same time'],
    [412, 'newer version'],
    [422, 'refused the content'],
    [503, 'has a fault'],
  ])('keeps the form and says what to do when saving is answered with %d', async (status, text) => {
    await launch('smart-anna', sins);
    await answer('Pain', 'none');
    await page.route(isWritten, (route: Route) =>
      route.request().method() === 'POST'
        ? route.fulfill({
            status,
            contentType: 'application/fhir+json',
            body: JSON.stringify({
              resourceType: 'OperationOutcome',
              issue: [{ diagnostics: 'the reason' }],
            }),
          })
        : route.continue(),
    );
    await button('Save').click();
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toContain(text);
    expect(await alert.innerText()).toContain('the reason');
    expect(await page.getByRole('group', { name: 'Pain', exact: true }).getByLabel('none').isChecked()).toBe(
      true,
    );
  });

  it('keeps the answers through a lost connection and a reload, and does not store twice', async () => {
    await launch('smart-anna', sins);
    await answer('Pain', 'present, not mechanical');
    let lost = 0;
    await page.route(isWritten, async (route: Route) => {
      if (route.request().method() !== 'POST' || lost > 0) {
        await route.continue();
        return;
      }
      lost += 1;
      await route.fetch();
      await route.abort('connectionreset');
    });
    const before = (await site.search('Observation?patient=smart-anna&code=sins')).length;
    await button('Save').click();
    await page.getByText('No answer: the connection was lost.', { exact: false }).waitFor();

    await page.reload();
    await page.getByText('Your unsaved answers were kept', { exact: false }).waitFor();
    await button('Save').click();
    await page.getByText('Saved. The score is in the record.').waitFor();
    expect(lost).toBe(1);
    expect(await site.search('Observation?patient=smart-anna&code=sins')).toHaveLength(before + 1);
  });

  it('says so when the scoring service refuses, and shows the recorded forms only', async () => {
    site.scoresAnswer = { status: 401, body: undefined };
    await launch('smart-anna');
    await page.getByText('The scoring service did not accept this session', { exact: false }).waitFor();
    expect(await page.locator('.scores-section').innerText()).toContain('T12');
  });

  it('shows lesions on the picture by keyboard alone, each level with its name', async () => {
    await launch('smart-anna', { language: 'en' });
    await page.locator('[data-site="T12"]').focus();
    expect(await page.locator('[data-site="T12"]').getAttribute('aria-label')).toMatch(
      /^T12 · 8…15: .*8–9, 11–13, 15/,
    );
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText('Chosen: L1').waitFor();
    const levels = await page
      .locator('[data-site]')
      .evaluateAll((sites) => sites.map((one) => one.getAttribute('data-site')));
    expect(levels.filter((id) => id !== null && /^[CTLS]\d+$/.test(id))).toHaveLength(29);
    expect(levels).toEqual(expect.arrayContaining(['humerus-shaft', 'femur-trochanteric', 'tibia-shaft']));
  });

  it('speaks French throughout when the reader asks for it', async () => {
    await launch('smart-anna', { ...sins, language: 'fr' });
    await page.getByText('Dans le dossier').first().waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
    await page.getByRole('link', { name: 'Synthèse pour la RCP' }).click();
    await page.getByRole('heading', { name: 'Questions ouvertes' }).waitFor();
    await button('English').click();
    await page.getByRole('heading', { name: 'Open questions' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it.each([1280, 320])(
    'passes axe on every screen at %d pixels, and needs no sideways scrolling',
    async (width) => {
      await page.setViewportSize({ width, height: 700 });
      await launch('smart-anna', sins);
      const check = async (): Promise<void> => {
        expect(await violations()).toEqual([]);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(over).toBeLessThanOrEqual(0);
      };
      await check();
      await answer('Pain', 'mechanical');
      await button('Change: Location').click();
      await check();
      await page.getByRole('link', { name: 'Overview', exact: true }).click();
      await page.locator('[data-site="T4"]').click();
      await check();
      await page.getByRole('link', { name: 'Tumour board summary' }).click();
      await page.getByRole('heading', { name: 'Open questions' }).waitFor();
      await check();
    },
  );

  it('asks for what is missing first, with the focus on it, and six open items fit a small screen', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await launch('smart-anna', sins);
    const focused = page.locator(':focus');
    expect(await focused.getAttribute('name')).toBe('item-sins-pain');
    expect(await page.locator('fieldset legend').first().innerText()).toBe('Pain');
    for (const item of ['Location', 'Bone lesion', 'Vertebral body collapse', 'Posterolateral elements'])
      await button(`Change: ${item}`).click();
    const items = page.locator('fieldset');
    expect(await items.count()).toBe(6);
    const bottoms = await items.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().bottom));
    const save = await button('Save').boundingBox();
    expect(Math.max(...bottoms, (save?.y ?? Infinity) + (save?.height ?? 0))).toBeLessThanOrEqual(800);
  });

  it('marks the score that was saved, back in the overview', async () => {
    await launch('smart-anna', sins);
    await answer('Pain', 'none');
    await button('Save').click();
    const back = button('Return to the chart');
    await back.waitFor();
    expect(await page.locator(':focus').innerText()).toBe('Return to the chart');
    // Until something is changed there is nothing more to save.
    expect(await button('Save').count()).toBe(0);
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Enter');
    await page.locator('.changed', { hasText: 'Just saved' }).waitFor();
    expect(await page.locator('.changed').innerText()).toContain('SINS');
    expect(await violations()).toEqual([]);
  });

  it.each(['dark', 'forced'] as const)('passes axe in %s colours, and at twice the size', async (colours) => {
    await page.emulateMedia(colours === 'dark' ? { colorScheme: 'dark' } : { forcedColors: 'active' });
    // Twice the size in a window of 1280: half as many pixels of CSS.
    await page.setViewportSize({ width: 640, height: 400 });
    await launch('smart-anna', sins);
    expect(await violations()).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await page.locator('[data-site="T12"]').waitFor();
    expect(await violations()).toEqual([]);
    await page.getByRole('link', { name: 'Tumour board summary' }).click();
    await page.getByRole('heading', { name: 'Open questions' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.goto(`${site.base}/smart/?code=abc&state=forged`);
    await page.getByRole('heading', { name: 'The sign-in does not belong to this window' }).waitFor();
    expect(await violations()).toEqual([]);
  });

  it('works in a frame of the record', async () => {
    await page.goto(`${site.base}/empty`);
    const url = await site.launchUrl('smart-anna', sins);
    await page.setContent(`<iframe title="app" width="400" height="600" src="${url}"></iframe>`);
    await page
      .frameLocator('iframe')
      .getByRole('heading', { name: /SINS.*T12/ })
      .waitFor();
  });

  it('refuses a state that it did not send, and reads nothing', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${site.base}/smart/?code=abc&state=forged`);
    await page.getByRole('heading', { name: 'The sign-in does not belong to this window' }).waitFor();
    expect(asked.filter((url) => url.includes('/sandbox/fhir'))).toEqual([]);
  });

  it('asks to be opened from the record when it is opened alone', async () => {
    await page.goto(`${site.base}/smart/`);
    await page.getByRole('heading', { name: "Open this app from the patient's record" }).waitFor();
    expect(await violations()).toEqual([]);
  });

  it('says that the session has ended when the token is refused', async () => {
    await page.route('**/sandbox/fhir/Patient/**', (route: Route) =>
      route.fulfill({ status: 401, body: '{}' }),
    );
    await launch('smart-anna', sins);
    await page.getByRole('heading', { name: 'The session has ended' }).waitFor();
  });

  it('closes itself when another patient is opened in this browser', async () => {
    await launch('smart-anna', sins);
    await answer('Pain', 'mechanical');
    const other = await context.newPage();
    await other.goto(await site.launchUrl('smart-bruno'));
    await other.getByText('Bruno Keller').waitFor();
    await page.getByRole('heading', { name: 'The patient was changed' }).waitFor();
    expect(await page.locator('body').innerText()).not.toContain('Lindqvist');
  });
});
