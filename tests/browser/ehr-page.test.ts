import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, jwtVerify, type JWK } from 'jose';
import type { Page } from 'playwright-core';
import { chromiumPath } from './chromium.js';
import { ehrSite, openPage } from './ehr-page-site.js';
import type { Site } from './site.js';

if (chromiumPath === undefined) {
  process.stdout.write('tests/browser/ehr-page: skipped, no Chromium found in /usr/bin\n');
}
const withBrowser = chromiumPath === undefined ? describe.skip : describe;

const card = '.card';
const nothing = 'No recommendation for this patient.';

/** What the keyboard is on. */
function focused(page: Page): Promise<string> {
  return page.evaluate('document.activeElement.textContent');
}

withBrowser('the sandbox EHR page', () => {
  let site: Site;
  beforeAll(async () => {
    site = await ehrSite();
  }, 60_000);
  afterAll(async () => {
    await site.close();
  });

  it('lists the patients with their stories and opens a chart with values, units and dates', async () => {
    const { page, calls, faults } = await openPage(site, '/');
    await page.getByText('Nothing to say: the service stays silent').waitFor();
    expect(await page.locator('.patients li').count()).toBe(12);
    await page.getByRole('link', { name: /Claire Moreau.*SINS of 10/ }).click();
    await page.getByRole('heading', { name: 'Claire Moreau' }).waitFor();
    expect(await page.title()).toBe('Claire Moreau · Sandbox EHR');
    const calcium = page.getByRole('row', { name: /Calcémie/ });
    expect(await calcium.textContent()).toMatch(/2\.34 mmol\/L \d+ \w+ 20\d\d/);
    await page.locator(card).first().waitFor();
    const marked = await page.evaluate(
      `[...document.querySelectorAll('[data-site]:has(.tone-middle:not(.possible))')].map((bone) => bone.dataset.site)`,
    );
    expect(marked).toEqual(['T10', 'T11']);
    expect(await page.getByRole('img').getAttribute('aria-label')).toContain('T10, T11, SINS 10');
    expect(calls.map(({ body }) => body.hook)).toContain('patient-view');
    expect(faults).toEqual([]);
  });

  it('draws a lesion on the coded side, and on both where none is coded', async () => {
    const { page } = await openPage(site, '/#/patient/margaret-oconnor');
    await page.locator('[data-site] .possible').first().waitFor();
    const marked = (): Promise<readonly (readonly [string, string])[]> =>
      page
        .locator('[data-site] [data-side][class*=tone-]')
        .evaluateAll((bones) =>
          bones.map((bone) => [
            bone.closest('[data-site]')?.getAttribute('data-site') ?? '',
            bone.getAttribute('data-side') ?? '',
          ]),
        );
    const proximal = ['femur-neck', 'femur-trochanteric', 'femur-head'];
    // The problem names no side by code, though the lesion that it stands beside does: nothing is guessed.
    expect(await marked()).toEqual(
      proximal.flatMap((place) => [
        [place, 'left'],
        [place, 'right'],
      ]),
    );

    await page.route('**/sandbox/fhir/Condition?*', async (route) => {
      const text = await (await route.fetch()).text();
      const right = '"code":"24028007"},{"code":"310651003"';
      await route.fulfill({ body: text.replace('"code":"310651003"', right) });
    });
    await page.reload();
    await page.locator('[data-site] .possible').first().waitFor();
    expect(await marked()).toEqual(proximal.map((place) => [place, 'right']));
  });

  it('signs each call for the exact URL, with a token that the published keys verify', async () => {
    const { page, calls } = await openPage(site, '/#/patient/claire-moreau');
    await page.locator(card).first().waitFor();
    const [call] = calls;
    const keys: unknown = await (await fetch(`${site.base}/sandbox/ehr/jwks.json`)).json();
    const token = (call?.headers.authorization ?? '').replace('Bearer ', '');
    const { payload, protectedHeader } = await jwtVerify(
      token,
      createLocalJWKSet(keys as { readonly keys: JWK[] }),
      { issuer: `${site.base}/sandbox/ehr`, audience: `${site.base}/cds-services/${call?.service ?? ''}` },
    );
    expect(protectedHeader.alg).toBe('ES384');
    expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/);
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  });

  it('tells the service why a card was declined, and the service counts it', async () => {
    const { page, calls } = await openPage(site, '/#/patient/claire-moreau');
    const surgical = page.locator(card, { hasText: 'surgical opinion' }).first();
    await surgical.getByText('Decline', { exact: true }).click();
    await surgical.getByLabel('Reason', { exact: true }).selectOption({ index: 1 });
    await surgical.getByRole('button', { name: 'Decline this advice' }).click();
    await surgical.getByText('Declined; the service was told.').waitFor();
    const feedback = calls.find(({ service }) => service.endsWith('/feedback'));
    expect(feedback?.body).toMatchObject({
      feedback: [
        {
          outcome: 'overridden',
          overrideReason: {
            reason: { code: expect.stringMatching(/./), system: expect.stringMatching(/./) },
          },
        },
      ],
    });
    await expect(site.metrics()).resolves.toMatch(/cds_feedback_stored_total\{[^}]*overridden[^}]*\} 1/);
  });

  it('speaks French, and asks the service to', async () => {
    const { page, calls } = await openPage(site, '/#/patient/amina-benali', { locale: 'fr-FR' });
    await page.getByRole('heading', { name: 'Recommandations' }).waitFor();
    await page.locator(card).first().waitFor();
    expect(await page.locator('.card-source').first().textContent()).toMatch(/^Source\u00a0: Référentiel/);
    expect(calls[0]?.headers['accept-language']).toBe('fr');
    expect(await page.getByRole('row', { name: /Calcémie/ }).textContent()).toContain('2,3 mmol/L');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Recommendations' }).waitFor();
    await page
      .getByText(/^Source: Guideline/)
      .first()
      .waitFor();
    expect(calls.at(-1)?.headers['accept-language']).toBe('en');
  });

  it('gives the same cards without prefetch', async () => {
    const { page, calls } = await openPage(site, '/#/patient/amina-benali');
    await page.locator(card).first().waitFor();
    const summaries = (): Promise<string[]> => page.locator('.card h3').allTextContents();
    const prefetched = await summaries();
    const answered = page.waitForResponse(/\/cds-services\/bone-metastasis-review$/);
    await page.getByLabel('No prefetch').check();
    await answered;
    await page.locator('.advice[aria-busy=false]').waitFor();
    await page.locator(card).first().waitFor();
    expect(await summaries()).toEqual(prefetched);
    const reviews = calls.filter(({ service }) => service === 'bone-metastasis-review');
    expect(reviews.map(({ body }) => 'prefetch' in body)).toEqual([true, false]);
    expect(reviews.at(-1)?.body.fhirServer).toBe(`${site.base}/sandbox/fhir`);
  });

  it('hands the service a token for this patient, and shows it to nobody', async () => {
    const { page, calls } = await openPage(site, '/#/patient/amina-benali');
    await page.locator(card).first().waitFor();
    const given = calls[0]?.body.fhirAuthorization as Readonly<Record<string, unknown>>;
    expect(given).toMatchObject({
      token_type: 'Bearer',
      expires_in: 300,
      subject: 'bone-metastasis-cds',
      patient: 'amina-benali',
      scope: expect.stringMatching(/(^| )patient\/Condition\.rs( |$)/),
    });
    const token = String(given.access_token);
    const status = async (path: string): Promise<number> =>
      (await fetch(`${site.base}/sandbox/fhir/${path}`, { headers: { authorization: `Bearer ${token}` } }))
        .status;
    expect(await status('Patient/amina-benali')).toBe(200);
    expect(await status('Patient/claire-moreau')).toBe(403);

    await page.getByRole('button', { name: /^Developer/ }).click();
    const drawer = page.locator('.drawer');
    await drawer.locator('.stage > summary', { hasText: 'Request' }).click();
    expect(await drawer.innerText()).toContain('"access_token": "…"');
    const signature = String(calls[0]?.headers.authorization).split('.')[2] ?? '';
    expect(signature.length).toBeGreaterThan(100);
    const everything = await page.content();
    expect(everything).not.toContain(token);
    expect(everything).not.toContain(signature);
  });

  it('flags what the chart itself does not trust', async () => {
    const { page } = await openPage(site, '/#/patient/luc-girard');
    await page.getByRole('heading', { name: 'Luc Girard' }).waitFor();
    const flags = await page.locator('.flag').allTextContents();
    expect(flags).toEqual(expect.arrayContaining(['entered in error', 'preliminary']));
    expect(await page.getByRole('row', { name: /22 mL\/min preliminary/ }).count()).toBe(1);
  });

  it('says that there is nothing to say', async () => {
    const { page } = await openPage(site, '/#/patient/robert-miller');
    await page.getByText(nothing).waitFor();
    expect(await page.locator(card).count()).toBe(0);
  });

  it('shows the OperationOutcome of a service that refuses, and lets the user ask again', async () => {
    const { page } = await openPage(site, '/');
    await page.route('**/cds-services/bone-metastasis-review', (route) =>
      route.fulfill({
        status: 412,
        json: { resourceType: 'OperationOutcome', issue: [{ diagnostics: 'conditions could not be read' }] },
      }),
    );
    await page.goto(`${site.base}/#/patient/claire-moreau`);
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/HTTP status 412.*conditions could not be read/);
    expect(await page.getByText(nothing).count()).toBe(0);
    await page.unroute('**/cds-services/bone-metastasis-review');
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.locator(card).first().waitFor();
  });

  it('opens the SMART app in a frame, launched on the open chart', async () => {
    const { page } = await openPage(site, '/#/patient/amina-benali');
    await page.locator('.card .acts button', { hasText: /score/i }).first().click();
    const source = new URL((await page.locator('iframe').getAttribute('src')) ?? '');
    expect(source.origin + source.pathname).toBe(`${site.base}/smart/launch`);
    expect(source.searchParams.get('iss')).toBe(`${site.base}/sandbox/fhir`);
    expect(source.searchParams.get('launch')).toMatch(/^[0-9a-f-]{36}$/);
    await page.frameLocator('iframe').getByText('The app').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('iframe').waitFor({ state: 'detached' });
  });

  it('writes a new problem once the advice was heard', async () => {
    const { page } = await openPage(site, '/#/patient/robert-miller');
    await page.getByText(nothing).waitFor();
    await page.getByRole('button', { name: 'Record bone metastasis' }).click();
    await page.getByLabel('What', { exact: true }).selectOption({ label: 'Bone metastasis, femur' });
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page
      .getByRole('row', { name: /^Bone metastasis, femur/ })
      .first()
      .waitFor();
    await page.locator(card).first().waitFor();
  });

  it('shows the stages of a call beside the cards, and copies it as a command that works', async () => {
    const { page } = await openPage(site, '/#/patient/claire-moreau');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator(card).first().waitFor();
    await page.getByRole('button', { name: /^Developer/ }).click();
    const call = page.locator('.call');
    await call.locator('.rule').first().waitFor();
    expect(await call.locator('.stage > summary').allTextContents()).toEqual([
      expect.stringMatching(/^Requestpatient-view$/),
      expect.stringMatching(/^Data\d+ given[\d.]+ ms$/),
      expect.stringMatching(/^Facts\d+$/),
      expect.stringMatching(/^Rules\d+ fire · \d+ unknown · \d+ silent[\d.]+ ms$/),
      expect.stringMatching(/^Cards\d+ shown.*ms$/),
      expect.stringMatching(/^Response200[\d,]+ ms$/),
    ]);
    expect(await page.locator(card).first().isVisible()).toBe(true);
    await page.getByLabel('Filter').fill('sins-surgical-opinion');
    await expect(call.locator('.stage').nth(3).locator('.rule').allTextContents()).resolves.toEqual([
      expect.stringMatching(/fires.*SINS: 10/),
    ]);
    await page.getByLabel('Filter').fill('');

    await call.getByRole('button', { name: 'Copy as curl' }).click();
    await call.getByRole('button', { name: 'Copied' }).waitFor();
    const command = await page.evaluate('navigator.clipboard.readText()');
    expect(command).not.toMatch(/Bearer|access_token/);
    const { stdout } = await promisify(execFile)('bash', ['-c', command as string]);
    const { cards } = JSON.parse(stdout) as { readonly cards: readonly { readonly summary: string }[] };
    expect(cards.map(({ summary }) => summary)).toEqual(await page.locator('.card h3').allTextContents());
  });

  it('can be used with the keyboard alone', async () => {
    const { page } = await openPage(site, '/#/patient/paul-lefevre');
    await page.getByRole('heading', { name: 'Paul Lefèvre' }).waitFor();
    for (let tabs = 0; tabs < 40; tabs += 1) {
      if ((await focused(page)) === 'New order') break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('New order');
  });

  it('sends a visitor of another name of this machine to the one that launches work on', async () => {
    const { port } = new URL(site.base);
    const { page } = await openPage({ ...site, base: `http://localhost:${port}` }, '/');
    expect(new URL(page.url()).origin).toBe(site.base);
  });
});
