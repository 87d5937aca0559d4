import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { prepare } from '../../src/engine/prepare.js';
import { guideline } from '../../src/http/guideline.js';
import { buildKnowledge } from '../../src/knowledge/build-knowledge.js';
import { readWithSchemas, shippedArtifacts } from '../../src/knowledge/read/read-artifacts.js';
import { concluded } from '../../src/monitoring/findings.js';
import { reportHtml } from '../../src/monitoring/report-html.js';
import { emptyTally } from '../../src/monitoring/tally.js';
import { playedOf } from '../../src/replay/played.js';
import { invented } from '../words/invented.js';
import { startService, type TestService } from './running.js';

// The shipped artifacts with a folder more, as `loadKnowledge` would read it.
const phrases = { path: 'languages/xx/artifacts/phrases.yaml', text: 'to-complete-title: Xorra xomplexa\n' };
const built = buildKnowledge([...(await readWithSchemas(shippedArtifacts)), ...invented, phrases]);
if (!built.ok) throw new Error(JSON.stringify(built.problems));
const { knowledge } = built;

describe('the pages of the guideline in a language that is a folder more', () => {
  let service: TestService;
  let close: () => void;
  let base = '';
  beforeAll(async () => {
    service = await startService({}, { sandbox: false });
    const app = express().use(
      '/guideline',
      guideline({ ...service.deployment, prepared: prepare(knowledge, '2024') }),
    );
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/guideline`;
    close = () => {
      server.closeAllConnections();
      server.close();
    };
  });
  afterAll(async () => {
    close();
    await service.stop();
  });

  it.each([
    ['?lang=xx', {}],
    ['', { 'accept-language': 'xx-XX, fr;q=0.5' }],
  ])('says its own words and, where it has none, those of English (%s)', async (query, headers) => {
    const response = await fetch(`${base}${query}`, { headers });
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-language')).toBe('xx');
    expect(text).toContain('<html lang="xx">');
    expect(text).toContain('<title>Xommanda · Ossalanga</title>');
    expect(text).toMatch(/<p class="count" data-announce>\d+ xommas<\/p>/);
    expect(text).toContain('Advice for clinicians; it decides nothing.');
  });

  it.each(['/sins-surgical-opinion', '/recommendations/T-03', '/to-complete', '/try', '/nothing'])(
    'has every page: %s',
    async (path) => {
      const text = await (await fetch(`${base}${path}?lang=xx`)).text();
      expect(text).toContain('<html lang="xx">');
      expect(text).toContain('Ossalanga');
    },
  );

  it('is offered beside the others, by its own name', async () => {
    const text = await (await fetch(`${base}?lang=fr`)).text();
    expect(text).toMatch(/lang="xx"[^>]*>Xanxa</);
    expect(text).toMatch(/lang="en"[^>]*>English</);
    expect(text).toContain('hreflang="xx"');
  });
});

describe('a report in a language that is a folder more', () => {
  it('holds it beside the others, in English where it has no words', () => {
    const findings = concluded({
      from: new Date('2026-08-24'),
      to: new Date('2026-10-19'),
      client: undefined,
      tally: emptyTally(),
      unmatchedFeedback: 0,
      kept: undefined,
      names: { rules: new Map(), services: new Map(), reasons: new Map() },
    });
    const page = reportHtml(findings, 'xx', knowledge);
    expect(page).toMatch(/id="xx"\s+checked[^]*>Xanxa<\/label/);
    expect(page).toContain('body:has(#xx:checked) main.xx');
    const [, own = ''] = /<main lang="xx" class="xx">([^]*?)<\/main>/.exec(page) ?? [];
    expect(own).toContain('<h1>Xaporta</h1>');
    expect(own).toContain('Xalla');
    expect(own).toContain('Nothing was recorded in this period.');
  });

  it('is the language of what a replay names, too', () => {
    const { names } = playedOf(prepare(knowledge, '2024'), '2024');
    expect(names['to-complete']).toEqual({
      en: 'Scores to complete',
      fr: 'Scores à compléter',
      xx: 'Xorra xomplexa',
    });
  });
});
