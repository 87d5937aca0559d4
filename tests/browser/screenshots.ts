/**
 * Makes the pictures of `docs/images/` from the built pages: `npm run screenshots`.
 * The patients are the fictitious ones of the sandbox; file names do not change from run to run.
 */
import { mkdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import type { Site } from './site.js';
import { wholeSite } from './whole-site.js';

type Language = 'en' | 'fr';

interface Picture {
  readonly name: string;
  readonly language: Language;
  readonly width: 1280 | 390;
  readonly show: (page: Page, site: Site) => Promise<void>;
}

const folder = 'docs/images';
const heights = { 1280: 800, 390: 844 } as const;

const openChart =
  (patient: string) =>
  async (page: Page, { base }: Site): Promise<void> => {
    await page.goto(`${base}/#/patient/${patient}`);
    await page.locator('.advice[aria-busy=false] .card').first().waitFor();
  };

/** The app in a window of its own, on the chart and the place in it that are given. */
async function openApp(page: Page, { base }: Site, patient: string, appContext: object): Promise<void> {
  const answer = await fetch(`${base}/sandbox/launch`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ patient, appContext: JSON.stringify(appContext) }),
  });
  const { launch } = (await answer.json()) as { launch: string };
  await page.goto(`${base}/smart/launch?iss=${encodeURIComponent(`${base}/sandbox/fhir`)}&launch=${launch}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('.scores-section, .outcome').first().waitFor();
}

const openOverview =
  (language: Language) =>
  (page: Page, site: Site): Promise<void> =>
    openApp(page, site, 'claire-moreau', { language });

const openForm =
  (language: Language) =>
  (page: Page, site: Site): Promise<void> =>
    openApp(page, site, 'amina-benali', { score: 'sins', lesion: 'BodyStructure/amina-benali-l3', language });

const openSummary =
  (language: Language, medium: 'print' | 'screen' = 'print') =>
  async (page: Page, site: Site): Promise<void> => {
    await openOverview(language)(page, site);
    await page.getByRole('link', { name: language === 'en' ? 'Tumour board summary' : /RCP/ }).click();
    await page
      .getByRole('heading', { name: language === 'en' ? 'Open questions' : 'Questions ouvertes' })
      .waitFor();
    await page.locator('section[aria-busy=false]').waitFor();
    if (medium === 'print') await page.emulateMedia({ media: 'print' });
  };

async function showDrawer(page: Page, site: Site): Promise<void> {
  await openChart('amina-benali')(page, site);
  await page.getByRole('button', { name: /^Calls/ }).click();
  await page.locator('.exchange summary').first().click();
}

const pictures: readonly Picture[] = [
  {
    name: 'ehr-patients',
    language: 'en',
    width: 1280,
    show: async (page, { base }) => {
      await page.goto(base);
      await page.getByRole('link', { name: /Claire Moreau/ }).waitFor();
    },
  },
  { name: 'ehr-chart', language: 'en', width: 1280, show: openChart('claire-moreau') },
  { name: 'ehr-chart', language: 'fr', width: 1280, show: openChart('claire-moreau') },
  { name: 'ehr-chart', language: 'fr', width: 390, show: openChart('henri-dubois') },
  { name: 'ehr-calls', language: 'en', width: 1280, show: showDrawer },
  { name: 'app-overview', language: 'en', width: 1280, show: openOverview('en') },
  { name: 'app-overview', language: 'fr', width: 390, show: openOverview('fr') },
  { name: 'app-form', language: 'en', width: 1280, show: openForm('en') },
  { name: 'app-form', language: 'en', width: 390, show: openForm('en') },
  { name: 'app-form', language: 'fr', width: 1280, show: openForm('fr') },
  { name: 'app-summary', language: 'en', width: 1280, show: openSummary('en') },
  { name: 'app-summary', language: 'fr', width: 1280, show: openSummary('fr') },
  { name: 'app-summary', language: 'fr', width: 390, show: openSummary('fr', 'screen') },
];

const site = await wholeSite();
try {
  await mkdir(folder, { recursive: true });
  for (const { name, language, width, show } of pictures) {
    const context = await site.browser.newContext({
      viewport: { width, height: heights[width] },
      locale: language === 'en' ? 'en-GB' : 'fr-FR',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    await show(page, site);
    await page.screenshot({ path: `${folder}/${name}-${language}-${width}.png` });
    await context.close();
  }
} finally {
  await site.close();
}
