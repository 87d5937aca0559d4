import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FrameLocator, Page } from 'playwright-core';
import { chromiumPath } from './chromium.js';
import { openPage } from './ehr-page-site.js';
import type { Site } from './site.js';
import { wholeSite } from './whole-site.js';

if (chromiumPath === undefined) {
  process.stdout.write('tests/browser/loop: skipped, no Chromium found in /usr/bin\n');
}
const withBrowser = chromiumPath === undefined ? describe.skip : describe;

const review = /\/cds-services\/bone-metastasis-review$/;
const cards = '.advice[aria-busy=false] .card';

async function answer(app: FrameLocator, group: string, name: string): Promise<void> {
  await app.getByRole('group', { name: group, exact: true }).getByText(name, { exact: true }).click();
}

const clicks = new WeakMap<Page, number>();

/** Counts the clicks of a page and of the frames in it from now on. */
async function countClicks(page: Page): Promise<void> {
  await page.context().exposeFunction('clicked', () => {
    clicks.set(page, (clicks.get(page) ?? 0) + 1);
  });
  await page.context().addInitScript(() => {
    addEventListener(
      'pointerdown',
      () => {
        void (globalThis as unknown as { clicked: () => Promise<void> }).clicked();
      },
      true,
    );
  });
  await page.reload();
}

/** From the chart through the card's own link to the form of the lesion. */
async function launchFromCard(page: Page): Promise<FrameLocator> {
  const incomplete = page.locator(cards, { hasText: /SINS.*missing/ });
  await incomplete.getByRole('button', { name: /score/i }).click();
  const app = page.frameLocator('iframe');
  await app.getByRole('heading', { name: /SINS.*L3/ }).waitFor();
  return app;
}

withBrowser('the loop from card to form to record to card', () => {
  let site: Site;
  beforeAll(async () => {
    site = await wholeSite();
  }, 60_000);
  afterAll(async () => {
    await site.close();
  });

  it('asks for the missing items, takes them, advises the referral, and is silent once it is ordered', async () => {
    const { page, calls, faults } = await openPage(site, '/#/patient/amina-benali');
    await countClicks(page);
    await page.locator(cards).first().waitFor();
    expect(await page.locator(`${cards} h3`, { hasText: 'ask for a surgical opinion' }).count()).toBe(0);

    const app = await launchFromCard(page);
    expect(await app.locator('.outcome').innerText()).toContain('Total can be');
    await answer(app, 'Pain', 'mechanical');
    await answer(app, 'Posterolateral elements', 'both sides');
    expect(await app.locator('.outcome [role=status]').innerText()).toMatch(/Total 11/);
    await app.getByRole('button', { name: 'Save', exact: true }).click();
    await app.getByText('Saved. The score is in the record.').waitFor();
    // Opened, two answers, saved.
    expect(clicks.get(page)).toBe(4);

    const heard = page.waitForResponse(review);
    await app.getByRole('button', { name: 'Return to the chart', exact: true }).click();
    await heard;
    await page.locator('iframe').waitFor({ state: 'detached' });
    const surgical = page.locator(cards, { hasText: /SINS 11.*surgical opinion/ });
    await surgical.waitFor();
    expect(await page.locator(cards, { hasText: /SINS.*missing/ }).count()).toBe(0);
    // Who comes back sees, hears and has under the keyboard what the saved score has changed.
    await surgical.getByText(/^(New|Changed)$/).waitFor();
    expect(await page.locator('.advice > [role=status]').first().textContent()).toMatch(
      /New: \d.*Changed: \d/,
    );
    expect(await page.locator('.card-marked :focus').count()).toBe(1);

    await surgical.locator('.acts button').first().click();
    await surgical.getByText(/^Done: /).waitFor();
    const [referral] = await site.search('ServiceRequest?patient=amina-benali');
    expect(JSON.stringify(referral)).toContain('surgical-opinion');
    const [saved] = await site.search('Observation?patient=amina-benali&_sort=-_lastUpdated&_count=1');
    expect(saved).toMatchObject({
      valueInteger: 11,
      focus: [{ reference: 'BodyStructure/amina-benali-l3' }],
    });

    const drafts = page.getByRole('button', { name: 'Sign orders' });
    if (await drafts.isVisible()) {
      await drafts.click();
      const signed = page.getByRole('dialog', { name: 'Signed' });
      const anyway = page.getByRole('button', { name: 'Sign anyway' });
      await signed.or(anyway).waitFor();
      if (await anyway.isVisible()) await anyway.click();
      await signed.getByRole('button', { name: 'Back to the chart' }).click();
    }
    await page.locator('.advice[aria-busy=false]').waitFor();
    const again = page.waitForResponse(review);
    await page.getByRole('button', { name: 'Ask again' }).click();
    const answered: unknown = await (await again).json();
    await page.locator('.advice[aria-busy=false]').waitFor();
    expect(JSON.stringify(answered)).not.toContain('sins-surgical-opinion');
    expect(calls.map(({ service }) => service)).toContain('bone-metastasis-review/feedback');
    expect(faults).toEqual([]);
  }, 60_000);
});

withBrowser('a session that outlives its token', () => {
  const lifetime = 6;
  let site: Site;
  beforeAll(async () => {
    site = await wholeSite(lifetime);
  }, 60_000);
  afterAll(async () => {
    await site.close();
  });

  it('saves nothing, says so, and keeps the answers', async () => {
    const { page } = await openPage(site, '/#/patient/amina-benali');
    await page.locator(cards).first().waitFor();
    const before = await site.search('Observation?patient=amina-benali&_count=200');
    const app = await launchFromCard(page);
    await answer(app, 'Pain', 'mechanical');
    await page.waitForTimeout(lifetime * 1000);
    await app.getByRole('button', { name: 'Save', exact: true }).click();
    await app.getByText('The session has ended (401)', { exact: false }).waitFor();
    expect(await site.search('Observation?patient=amina-benali&_count=200')).toHaveLength(before.length);
    const pain = app.getByRole('group', { name: 'Pain', exact: true });
    expect(await pain.getByRole('radio', { name: /^mechanical/ }).isChecked()).toBe(true);
  }, 40_000);
});
