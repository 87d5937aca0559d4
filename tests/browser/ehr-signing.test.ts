import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { chromiumPath } from './chromium.js';
import { ehrSite, openPage } from './ehr-page-site.js';
import type { Site } from './site.js';

if (chromiumPath === undefined) {
  process.stdout.write('tests/browser/ehr-signing: skipped, no Chromium found in /usr/bin\n');
}
const withBrowser = chromiumPath === undefined ? describe.skip : describe;

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

async function violationsOn(page: Page): Promise<unknown> {
  await page.evaluate(axe);
  return page.evaluate(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
  );
}

const beyond = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** Presses Tab until what has the focus says so. */
async function tabTo(page: Page, text: string): Promise<void> {
  for (let tabs = 0; tabs < 60; tabs += 1) {
    if ((await page.evaluate('document.activeElement.textContent')) === text) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not come to «${text}»`);
}

withBrowser('the moment of signing', () => {
  let site: Site;
  beforeAll(async () => {
    site = await ehrSite();
  }, 120_000);
  afterAll(async () => {
    await site.close();
  });
  const reset = async (): Promise<void> => {
    expect((await fetch(`${site.base}/sandbox/reset`, { method: 'POST' })).status).toBe(204);
  };

  it('applies the advice, asks again, signs once and says what was signed', async () => {
    await reset();
    const { page, calls, faults } = await openPage(site, '/');
    await page.getByRole('link', { name: /Order denosumab, no dental check/ }).click();
    await page.getByRole('heading', { name: 'Orders to sign' }).waitFor();
    const inChart = page.locator('.advice .card', { hasText: 'dental assessment' });
    await inChart.waitFor();
    expect(new URL(page.url()).hash).toBe('#/patient/john-whitfield');
    await page.getByRole('button', { name: 'Sign orders' }).dblclick();
    const dialog = page.getByRole('dialog');
    await dialog.locator('.card', { hasText: 'dental assessment' }).waitFor();
    expect(await site.search('MedicationRequest?patient=john-whitfield&status=draft')).toHaveLength(1);
    await dialog.getByRole('button', { name: /^Order a dental assessment/, pressed: true }).waitFor();
    const signed = page.getByRole('dialog', { name: 'Signed' });
    const apply = dialog.getByRole('button', { name: 'Apply and sign' });
    // New advice may follow what was applied: it is decided on as well.
    for (let turn = 0; turn < 4 && !(await signed.isVisible()); turn += 1) {
      if (await apply.isVisible()) await apply.click();
      else await dialog.getByRole('button', { name: 'Sign anyway' }).click();
      await signed.or(dialog.getByRole('button', { name: 'Sign anyway' })).waitFor();
    }
    await signed.getByText('Denosumab 120 mg').waitFor();
    expect(await signed.textContent()).toMatch(/Done on advice.*Order a dental assessment/);
    await signed.getByRole('button', { name: 'Back to the chart' }).click();
    await page.getByRole('heading', { name: 'Orders to sign' }).waitFor({ state: 'detached' });
    const active = await site.search('MedicationRequest?patient=john-whitfield&status=active');
    expect(active.filter((one) => JSON.stringify(one).includes('M05BX04'))).toHaveLength(1);
    const dental = await site.search('ServiceRequest?patient=john-whitfield&status=active');
    expect(JSON.stringify(dental)).toContain('dental-assessment');
    await expect(site.metrics()).resolves.toMatch(/cds_feedback_stored_total\{[^}]*accepted[^}]*\} [1-9]/);
    expect(calls.map(({ body }) => body.hook)).toEqual(
      expect.arrayContaining(['patient-view', 'order-select', 'order-sign', undefined]),
    );
    expect(faults).toEqual([]);
  });

  it('signs against a critical card only with a reason, by the keyboard alone', async () => {
    await reset();
    const { page, calls } = await openPage(site, '/#/patient/paul-lefevre/do/low-clearance');
    const dialog = page.getByRole('dialog');
    await dialog.locator('.card-critical').waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toMatch(/contraindicated/);
    await tabTo(page, 'Sign anyway');
    await page.keyboard.press('Enter');
    await dialog.getByText('A critical recommendation needs a reason.').waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SELECT');
    expect(await site.search('MedicationRequest?patient=paul-lefevre&status=draft')).toHaveLength(1);
    await page.keyboard.press('ArrowDown');
    await tabTo(page, 'Sign anyway');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Signed' }).getByText('Zoledronic acid 4 mg').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const feedback = calls.filter(({ service }) => service.endsWith('/feedback'));
    expect(feedback.map(({ body }) => body)).toEqual([
      { feedback: [expect.objectContaining({ outcome: 'overridden', overrideReason: expect.anything() })] },
    ]);
    expect(await site.search('MedicationRequest?patient=paul-lefevre&status=draft')).toHaveLength(0);
  });

  it('signs nothing when all orders are withdrawn on advice, and goes back with nothing done', async () => {
    await reset();
    const { page } = await openPage(site, '/#/patient/paul-lefevre/do/low-clearance');
    const dialog = page.getByRole('dialog');
    await dialog.locator('.card-critical').waitFor();
    await dialog.getByRole('button', { name: 'Back', exact: true }).last().click();
    await dialog.waitFor({ state: 'detached' });
    expect(await site.search('MedicationRequest?patient=paul-lefevre&status=draft')).toHaveLength(1);
    await page.getByRole('button', { name: 'Sign orders' }).click();
    await dialog.getByRole('button', { name: 'Withdraw this order' }).click();
    await dialog.getByRole('button', { name: 'Apply and sign' }).click();
    await page.getByRole('dialog', { name: 'Nothing was signed: no order is left' }).waitFor();
    expect(JSON.stringify(await site.search('MedicationRequest?patient=paul-lefevre'))).not.toContain(
      'M05BA08',
    );
  });

  it('keeps the orders when the language or the prefetch changes, and asks again about them', async () => {
    await reset();
    const { page, calls } = await openPage(site, '/#/patient/john-whitfield/do/no-dental-check');
    await page.locator('.advice[aria-busy=false] .card', { hasText: 'dental assessment' }).waitFor();
    await page.getByRole('button', { name: 'Français' }).click();
    await page.locator('.advice[aria-busy=false] .card', { hasText: 'bilan bucco-dentaire' }).waitFor();
    await page.getByRole('heading', { name: 'Prescriptions à signer' }).waitFor();
    await page.getByLabel('Sans prefetch').check();
    await page.waitForResponse(/cds-services/);
    const last = calls.at(-1);
    expect(last?.body).toMatchObject({ hook: 'order-select', context: { draftOrders: expect.anything() } });
    expect(last?.body).not.toHaveProperty('prefetch');
    // What was said of an order goes with it.
    await page.getByRole('button', { name: /^Retirer/ }).click();
    await page.getByRole('heading', { name: 'Prescriptions à signer' }).waitFor({ state: 'detached' });
    await page.locator('.advice[aria-busy=false]').waitFor();
    expect(calls.at(-1)?.body.hook).toBe('patient-view');
  });

  it('says what is still to be signed when the patient leaves, and leads to it', async () => {
    await reset();
    const { page } = await openPage(site, '/#/patient/henri-dubois/do/leaving-with-compression');
    const dialog = page.getByRole('dialog');
    const apply = dialog.getByRole('button', { name: /^Apply and/ });
    const anyway = dialog.getByRole('button', { name: /anyway$/ });
    const through = async (name: string): Promise<void> => {
      const over = page.getByRole('dialog', { name });
      for (let turn = 0; turn < 4 && !(await over.isVisible()); turn += 1) {
        if (await apply.isVisible()) await apply.click();
        else if (await anyway.isVisible()) await anyway.click();
        await over.or(anyway).waitFor();
      }
      await over.waitFor();
    };
    await dialog.locator('.card-critical').waitFor();
    await through('Discharged');
    await dialog.getByText(/^Still to be signed: .*neurosurgical opinion/).waitFor();
    await dialog.getByRole('button', { name: 'Sign orders', disabled: false }).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Sign orders' }).click();
    await through('Signed');
    expect(await dialog.getByText('Still to be signed', { exact: false }).count()).toBe(0);
    const ordered = await site.search('ServiceRequest?patient=henri-dubois&status=active');
    expect(JSON.stringify(ordered)).toMatch(/neurosurgical opinion/i);
  });

  it('goes to the next card when one is declined', async () => {
    await reset();
    const { page } = await openPage(site, '/#/patient/henri-dubois');
    const cards = page.locator('.advice .card');
    await cards.nth(1).waitFor();
    const next = await cards.nth(1).locator('.card-summary').textContent();
    const first = cards.first();
    await first.getByText('Decline', { exact: true }).click();
    await first.getByRole('button', { name: 'Decline this advice' }).click();
    await first.getByText('Declined; the service was told.').waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe(next);
  });

  it('books no day that is over, and discharges once', async () => {
    await reset();
    const { page } = await openPage(site, '/#/patient/robert-miller');
    await page.getByText('No recommendation for this patient.').waitFor();
    await page.getByRole('button', { name: 'Book appointment' }).click();
    await page.getByLabel('What', { exact: true }).selectOption({ label: 'Dental assessment' });
    await page.getByLabel('Day').fill('2020-01-01');
    await page.getByRole('button', { name: 'Book', exact: true }).click();
    await page.getByText('This day is over: choose today or later.').waitFor();
    expect(await site.search('Appointment?patient=robert-miller')).toHaveLength(0);
    await page.getByLabel('Day').fill('2090-01-01');
    await page.getByRole('button', { name: 'Book', exact: true }).click();
    await page
      .getByRole('dialog', { name: 'Booked' })
      .getByRole('button', { name: 'Back to the chart' })
      .click();
    await page.getByRole('row', { name: /Appointment: Dental assessment.*booked/ }).waitFor();
    await page.getByRole('button', { name: 'Discharge' }).click();
    const over = page.getByRole('dialog', { name: 'Discharged' });
    const anyway = page.getByRole('button', { name: 'Discharge anyway' });
    await over.or(anyway).waitFor();
    if (await anyway.isVisible()) await anyway.click();
    await over.getByRole('button', { name: 'Back to the chart' }).click();
    await page.getByRole('button', { name: 'Discharge', exact: true, disabled: true }).waitFor();
    expect(await site.search('Encounter?patient=robert-miller&status=finished')).toHaveLength(1);
    await reset();
    expect(await site.search('Encounter?patient=robert-miller&status=finished')).toHaveLength(0);
  });

  it.each([
    { width: 1280, colorScheme: 'light', locale: 'en-GB' },
    { width: 1280, colorScheme: 'dark', locale: 'fr-FR' },
    { width: 640, colorScheme: 'light', locale: 'fr-FR' },
    { width: 320, colorScheme: 'dark', locale: 'fr-FR' },
    { width: 1280, colorScheme: 'light', forcedColors: 'active', locale: 'en-GB' },
  ] as const)('is accessible in every state: %o', async (options) => {
    await reset();
    const { page, faults } = await openPage(site, '/', { ...options, bypassCSP: true });
    await page.locator('.patients li').first().waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(await beyond(page)).toBe(0);
    await page.goto(`${site.base}/#/patient/paul-lefevre/do/low-clearance`);
    await page.locator('dialog .card-critical').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.locator('dialog .dialog-foot button:not(.primary):not(.quiet)').click();
    await page.locator('.missing').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(await beyond(page)).toBe(0);
    await page.keyboard.press('Escape');
    await page.locator('.advice[aria-busy=false] .card').first().waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(await beyond(page)).toBe(0);
    await page.locator('.settings > button').click();
    await page.locator('.call .rule').first().waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(await beyond(page)).toBe(0);
    // What is chosen from a list, and what was done.
    await page.locator('.banner .acts button').first().click();
    await page.locator('dialog select').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('.drafts button.primary').click();
    const anyway = page.locator('dialog .dialog-foot button:not(.primary):not(.quiet)');
    await anyway.click();
    await page.locator('dialog select.reason').selectOption({ index: 1 });
    await anyway.click();
    await page.locator('dialog .settled').first().waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(await beyond(page)).toBe(0);
    expect(faults).toEqual([]);
  });
});
