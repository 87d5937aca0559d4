import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page, Request } from 'playwright-core';
import { chromiumPath } from './chromium.js';
import { pagesOf } from './pdf-text.js';
import type { Site } from './site.js';
import { wholeSite } from './whole-site.js';

if (chromiumPath === undefined) {
  process.stdout.write('tests/browser/summary: skipped, no Chromium found in /usr/bin\n');
}
const withBrowser = chromiumPath === undefined ? describe.skip : describe;

const claire = 'claire-moreau';
const shown = '.recommendation strong';

withBrowser('the summary for the tumour board', () => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;
  let asked: Request[] = [];

  beforeAll(async () => {
    site = await wholeSite();
  }, 60_000);
  afterAll(async () => {
    await site.close();
  });
  beforeEach(async () => {
    context = await site.browser.newContext({ locale: 'en-GB' });
    page = await context.newPage();
    page.setDefaultTimeout(8000);
    asked = [];
    page.on('request', (request) => {
      if (request.url().includes('/cds-services')) asked.push(request);
    });
  });
  afterEach(async () => {
    await context.close();
  });

  async function open(language: 'en' | 'fr', patient = claire): Promise<void> {
    const answer = await fetch(`${site.base}/sandbox/launch`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ patient, appContext: JSON.stringify({ language }) }),
    });
    const { launch } = (await answer.json()) as { launch: string };
    const iss = encodeURIComponent(`${site.base}/sandbox/fhir`);
    await page.goto(`${site.base}/smart/launch?iss=${iss}&launch=${launch}`);
    await page.locator('.sections a[href="#/summary"]').click();
    await page.locator('section[aria-busy=false]').waitFor();
  }

  /** What the service says when it reads the chart itself. */
  async function summariesOf(language: string): Promise<readonly string[]> {
    const answer = await fetch(`${site.base}/cds-services/bone-metastasis-review`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Accept-Language': language },
      body: JSON.stringify({
        hook: 'patient-view',
        hookInstance: crypto.randomUUID(),
        fhirServer: `${site.base}/sandbox/fhir`,
        context: { userId: 'Practitioner/demo-oncologist', patientId: claire },
      }),
    });
    const { cards } = (await answer.json()) as { cards: readonly { summary: string }[] };
    return cards.map(({ summary }) => summary);
  }

  it.each(['en', 'fr'] as const)('holds the recommendations of the review, in %s', async (language) => {
    await open(language);
    const expected = await summariesOf(language);
    expect(expected.length).toBeGreaterThan(1);
    expect(await page.locator(shown).allTextContents()).toEqual(expected);
    expect(await page.locator('.recommendation').first().innerText()).toContain('P-09');
    // A French semicolon is never alone at the start of a line.
    expect(await page.locator('.recommendations').innerText()).not.toContain(' ;');
  });

  it('keeps the access token of the app from the service', async () => {
    await open('en');
    const call = asked.find((request) => request.method() === 'POST');
    expect(call?.headers().authorization).toBeUndefined();
    expect(call?.postData()).not.toMatch(/access_token|fhirAuthorization/);
  });

  it('names what the record did not give, and does not pass it off as none', async () => {
    await page.route('**/sandbox/fhir/MedicationStatement?*', (route) =>
      route.fulfill({ status: 403, json: {} }),
    );
    await open('en');
    await page
      .getByText(
        'The record did not give: MedicationStatement. Recommendations that rest on them may be missing.',
      )
      .waitFor();
    const sent = asked.find((request) => request.method() === 'POST')?.postDataJSON() as {
      prefetch: object;
    };
    expect(Object.keys(sent.prefetch)).toContain('medicationRequests');
    expect(Object.keys(sent.prefetch)).not.toContain('medicationStatements');
  });

  it('says where the recommendations are when the service answers the record only, and sends nothing', async () => {
    await page.route('**/scores', (route) => route.fulfill({ status: 401, json: {} }));
    await open('en');
    await page.getByText('Not shown here', { exact: false }).waitFor();
    expect(asked).toEqual([]);
    expect(await page.locator(shown).count()).toBe(0);
  });

  it('does not read a fault as «nothing to recommend»', async () => {
    await page.route('**/cds-services/bone-metastasis-review', (route) =>
      route.fulfill({ status: 412, json: {} }),
    );
    await open('en');
    await page.getByText('The recommendations cannot be had now', { exact: false }).waitFor();
  });

  it.each(['en', 'fr'] as const)(
    'prints on one sheet of A4 in %s: who, and the question that was asked',
    async (language) => {
      await open(language);
      await page.getByRole('textbox').fill('Vertebroplasty before radiotherapy?');
      const pages = pagesOf(await page.pdf({ format: 'A4', preferCSSPageSize: true }));
      expect(pages).toHaveLength(1);
      expect(pages[0]).toMatch(/ClaireMoreau,.*17.?[Aa][pv]r\.?1963Page1\/1/);
      expect(pages[0]).toContain('Vertebroplastybeforeradiotherapy?');
      for (const fact of [
        'osimertinib',
        'ECOG1',
        language === 'en' ? 'Calcémie2.34mmol/L' : 'Calcémie2,34mmol/L',
        'IRMdurachisentier',
        'Adénocarcinomebronchique',
      ])
        expect(pages[0]).toContain(fact);
    },
  );

  it('prints on one sheet for every demo patient, in both languages', async () => {
    const answer = await fetch(`${site.base}/sandbox/stories.json`);
    const { stories } = (await answer.json()) as {
      readonly stories: readonly { readonly patient: string; readonly name: string }[];
    };
    expect(stories.length).toBeGreaterThan(9);
    const printed: unknown[] = [];
    for (const { patient, name } of stories) {
      await open('en', patient);
      for (const language of ['en', 'fr']) {
        await page.getByRole('button', { name: language === 'en' ? 'English' : 'Français' }).click();
        const title = language === 'en' ? 'Tumour board summary' : 'Synthèse pour la RCP';
        await page.getByRole('heading', { name: title }).waitFor();
        await page.locator('section[aria-busy=false]').waitFor();
        const pages = pagesOf(await page.pdf({ format: 'A4', preferCSSPageSize: true }));
        const who = new RegExp(`^${name.replace(/\s/g, '')},.*\\d{4}Page1/${pages.length}`);
        printed.push([patient, language, pages.length, who.test(pages[0] ?? '')]);
      }
    }
    expect(printed).toEqual(
      stories.flatMap(({ patient }) => ['en', 'fr'].map((language) => [patient, language, 1, true])),
    );
  }, 120_000);

  it('has name, birth date and page number on each sheet when there are several', async () => {
    await open('en');
    await page.getByRole('textbox').fill('A long story. '.repeat(700));
    const pages = pagesOf(await page.pdf({ format: 'A4', preferCSSPageSize: true }));
    expect(pages.length).toBeGreaterThan(1);
    pages.forEach((text, index) => {
      expect(text).toMatch(new RegExp(`ClaireMoreau,born17Apr1963Page${index + 1}/${pages.length}`));
    });
  });
});
