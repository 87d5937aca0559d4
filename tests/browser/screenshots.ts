/**
 * Makes the pictures of `docs/images/` from the built pages: `npm run screenshots`. `npm run screenshots -- --all DIR`
 * makes every page in both languages, both widths, light and dark, to be looked at before a release.
 * The patients are the fictitious ones of the sandbox; file names do not change from run to run.
 */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import type { Site } from './site.js';
import { wholeSite } from './whole-site.js';

const languages = ['en', 'fr'] as const;
type Language = (typeof languages)[number];

const colours = ['light', 'dark'] as const;
/** Heights of windows by their width: of a desk, of a telephone, and a sheet of A4 as it prints. */
const heights = { 1280: 800, 390: 844, 794: 1123 } as const;
type Width = keyof typeof heights;

interface Place {
  readonly page: Page;
  readonly site: Site;
  readonly language: Language;
  readonly width: Width;
}

const inChart = '.advice[aria-busy=false] .card';

async function openChart({ page, site }: Place, patient: string, scenario = ''): Promise<void> {
  await page.goto(`${site.base}/#/patient/${patient}${scenario === '' ? '' : `/do/${scenario}`}`);
  await page.locator(inChart).first().waitFor();
}

/** The app in a window of its own, on the chart and the place in it that are given. */
async function openApp({ page, site: { base }, language }: Place, patient: string, place: object = {}) {
  const answer = await fetch(`${base}/sandbox/launch`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ patient, appContext: JSON.stringify({ ...place, language }) }),
  });
  const { launch } = (await answer.json()) as { launch: string };
  await page.goto(`${base}/smart/launch?iss=${encodeURIComponent(`${base}/sandbox/fhir`)}&launch=${launch}`);
  await page.locator('.scores-section, .outcome').first().waitFor();
}

async function openGuideline({ page, site, language }: Place, path = ''): Promise<void> {
  await page.goto(`${site.base}/guideline${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
  await page.locator('main h1').waitFor();
}

/** How each page that is shown is reached; by name. */
const scenes = {
  'guideline-index': (place: Place) => openGuideline(place),
  'guideline-rule': (place: Place) => openGuideline(place, '/sins-surgical-opinion'),
  'guideline-try': (place: Place) => openGuideline(place, '/try?rule=sins-surgical-opinion'),
  'ehr-home': async ({ page, site }: Place) => {
    await page.goto(site.base);
    await page.getByRole('link', { name: /Claire Moreau/ }).waitFor();
  },
  'ehr-chart': (place: Place) => openChart(place, 'claire-moreau'),
  'ehr-signing': async (place: Place) => {
    await openChart(place, 'paul-lefevre', 'low-clearance');
    await place.page.locator('dialog .card-critical').waitFor();
  },
  'ehr-developer': async (place: Place) => {
    await openChart(place, 'claire-moreau');
    await place.page.locator('.settings > button').click();
    await place.page.locator('.call .rule').first().waitFor();
    await place.page.locator('.drawer').evaluate((drawer) => {
      drawer.scrollIntoView();
    });
  },
  'app-overview': (place: Place) => openApp(place, 'claire-moreau'),
  'app-form': (place: Place) =>
    openApp(place, 'amina-benali', { score: 'sins', lesion: 'BodyStructure/amina-benali-l3' }),
  'app-board': async (place: Place) => {
    const { page, width } = place;
    await openApp(place, 'claire-moreau');
    await page.locator('.sections a[href="#/summary"]').click();
    await page.locator('section[aria-busy=false]').waitFor();
    if (width !== 794) return;
    await page.emulateMedia({ media: 'print' });
    // The margins of the sheet, which a window has not.
    await page.evaluate(() => {
      document.body.style.padding = '14mm 10mm 12mm';
    });
  },
} satisfies Readonly<Record<string, (place: Place) => Promise<void>>>;

interface Picture {
  readonly scene: keyof typeof scenes;
  readonly language: Language;
  readonly width: Width;
  readonly colour?: (typeof colours)[number];
}

/** The pictures of the documentation. */
const shown: readonly Picture[] = [
  { scene: 'guideline-index', language: 'en', width: 1280 },
  { scene: 'guideline-index', language: 'fr', width: 390 },
  { scene: 'guideline-rule', language: 'fr', width: 1280 },
  { scene: 'guideline-rule', language: 'en', width: 390, colour: 'dark' },
  { scene: 'guideline-try', language: 'en', width: 1280 },
  { scene: 'guideline-try', language: 'fr', width: 390 },
  { scene: 'ehr-home', language: 'en', width: 1280 },
  { scene: 'ehr-home', language: 'fr', width: 390 },
  { scene: 'ehr-chart', language: 'fr', width: 1280 },
  { scene: 'ehr-chart', language: 'en', width: 1280, colour: 'dark' },
  { scene: 'ehr-chart', language: 'fr', width: 390 },
  { scene: 'ehr-signing', language: 'en', width: 1280 },
  { scene: 'ehr-signing', language: 'fr', width: 390 },
  { scene: 'ehr-developer', language: 'en', width: 1280 },
  { scene: 'ehr-developer', language: 'fr', width: 1280, colour: 'dark' },
  { scene: 'app-overview', language: 'en', width: 1280 },
  { scene: 'app-overview', language: 'fr', width: 390 },
  { scene: 'app-form', language: 'fr', width: 1280 },
  { scene: 'app-form', language: 'en', width: 390 },
  { scene: 'app-form', language: 'en', width: 1280, colour: 'dark' },
  { scene: 'app-board', language: 'en', width: 794 },
  { scene: 'app-board', language: 'fr', width: 794 },
  { scene: 'app-board', language: 'fr', width: 390 },
];

const all: readonly Picture[] = (Object.keys(scenes) as (keyof typeof scenes)[]).flatMap((scene) =>
  languages.flatMap((language) =>
    ([1280, 390] as const).flatMap((width) => colours.map((colour) => ({ scene, language, width, colour }))),
  ),
);

const { values } = parseArgs({ options: { all: { type: 'string' } } });
const folder = values.all ?? 'docs/images';
const pictures = values.all === undefined ? shown : [...all, ...shown.filter(({ width }) => width === 794)];

const fileOf = ({ scene, language, width, colour = 'light' }: Picture): string =>
  `${scene}-${language}-${width}${colour === 'dark' ? '-dark' : ''}.png`;

const site = await wholeSite();
try {
  await mkdir(folder, { recursive: true });
  for (const picture of pictures) {
    const { scene, language, width, colour = 'light' } = picture;
    const context = await site.browser.newContext({
      viewport: { width, height: heights[width] },
      locale: language === 'en' ? 'en-GB' : 'fr-FR',
      colorScheme: colour,
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    await scenes[scene]({ page, site, language, width });
    await page.screenshot({ path: join(folder, fileOf(picture)) });
    await context.close();
    // Signed orders and answered forms of one picture are not in the next.
    await fetch(`${site.base}/sandbox/reset`, { method: 'POST' });
  }
  const made = new Set(pictures.map(fileOf));
  for (const file of await readdir(folder))
    if (file.endsWith('.png') && !made.has(file)) await rm(join(folder, file));
} finally {
  await site.close();
}
