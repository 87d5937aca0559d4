import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  call,
  cardsOf,
  codesOf,
  denosumab,
  orderSign,
  post,
  startService,
  type TestService,
} from './running.js';

let service: TestService;
let guideline = '';

beforeAll(async () => {
  service = await startService();
  guideline = `${service.url}/guideline`;
});
afterAll(() => service.stop());

async function read(path: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${guideline}${path}`, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

interface Outcome {
  readonly rule: string;
  readonly outcome: string;
  readonly because: readonly { readonly input: string; readonly title: string; readonly value?: string }[];
  readonly missing: readonly string[];
  readonly unchecked: readonly string[];
}

interface Tried {
  readonly cards: readonly { readonly summary: string; readonly source: { readonly url?: string } }[];
  readonly outcomes: readonly Outcome[];
}

const tried = (answer: { readonly body: unknown }): Tried => answer.body as Tried;
const outcomeOf = (answer: { readonly body: unknown }, rule: string): Outcome | undefined =>
  tried(answer).outcomes.find((each) => each.rule === rule);

describe('GET /guideline', () => {
  it.each(['', '/sins-surgical-opinion', '/recommendations/T-03', '/to-complete', '/try'])(
    '%s answers in the language asked for, under a policy that runs nothing inside the page',
    async (path) => {
      const french = await read(`${path}?lang=fr`, { 'accept-language': 'en' });
      expect(french.status).toBe(200);
      expect(french.headers.get('content-language')).toBe('fr');
      expect(french.text).toContain('<html lang="fr">');
      const accepted = await read(path, { 'accept-language': 'fr-FR,fr;q=0.9' });
      expect(accepted.text).toContain('<html lang="fr">');
      expect(accepted.headers.get('vary')).toMatch(/Accept-Language/i);
      expect((await read(path, { 'accept-language': 'de' })).text).toContain('<html lang="en">');
      const policy = accepted.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(accepted.text).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=/);
    },
  );

  it('keeps the chosen language in its links', async () => {
    expect((await read('?lang=fr')).text).toContain('href="/guideline/recommendations/T-18?lang=fr"');
    expect((await read('', { 'accept-language': 'fr' })).text).toContain(
      'href="/guideline/recommendations/T-18"',
    );
  });

  it.each([
    ['cementoplasty-posterior-wall', true],
    ['zoledronic-acid-renal-contraindication', true],
    ['dental-check-on-antiresorptive', false],
  ])('%s: that a decline does not keep the card away: %s', async (rule, said) => {
    const { status, text } = await read(`/${rule}`);
    expect(status).toBe(200);
    expect(text.includes('It comes back even where somebody has declined it.')).toBe(said);
  });

  it('answers 304 to who has the page', async () => {
    const { headers } = await read('/sins-surgical-opinion');
    const again = await read('/sins-surgical-opinion', { 'if-none-match': headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
    expect(again.text).toBe('');
  });

  it.each(['/nothing', '/recommendations/Z-99', '/a/b/c', '/__proto__', '/assets/none.js'])(
    '%s is not found',
    async (path) => {
      expect((await read(path)).status).toBe(404);
    },
  );

  it.each([
    ['severity=critical', 'Creatinine clearance', ['T-13'], ['T-14']],
    ['topic=spine', '', ['P-09'], ['T-13']],
    ['service=procedure-scheduling', '', ['D-10'], ['T-13']],
    ['alert=no', '', ['T-03'], ['T-13']],
    ['q=zoledronic+clearance', '', ['T-13'], ['P-09']],
    ['q=CLAIRANCE+zol%C3%A9dronique', '', ['T-13'], ['P-09']],
    ['q=p-09', '', ['P-09'], ['T-13']],
  ])('?%s lists what was asked for', async (query, _words, listed, left) => {
    const { status, text } = await read(`?${query}`);
    expect(status).toBe(200);
    for (const id of listed) expect(text).toContain(`/guideline/recommendations/${id}"`);
    for (const id of left) expect(text).not.toContain(`/guideline/recommendations/${id}"`);
  });

  it.each([
    `?q=${'a'.repeat(201)}`,
    '?lang=de',
    '?topic=nothing',
    '?service=nothing',
    '?severity=grave',
    '?edition=2020',
    '?alert=perhaps',
    '?q=a&q=b',
    '/try?example=many',
    '/try?rule=nothing',
    `/sins-surgical-opinion?code=${'a'.repeat(201)}`,
  ])('%s cannot be asked', async (path) => {
    const { status, text } = await read(path);
    expect(status).toBe(400);
    expect(text).not.toContain('aaaa');
  });

  it('takes a search of 200 letters, and what it does not know', async () => {
    expect((await read(`?q=${'a'.repeat(200)}`)).status).toBe(200);
    expect((await read('?utm_source=mail&topic=')).status).toBe(200);
  });

  it('writes what was searched for as text', async () => {
    const { text } = await read(`?q=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`);
    expect(text).toContain('value="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"');
    expect(text).not.toContain('<img');
  });

  it('finds codes by number and name', async () => {
    const { text } = await read('/dental-assessment-before-antiresorptive?code=M05BX04');
    expect(text).toContain('<code>M05BX04</code>');
    expect(text).not.toContain('<code>M05BA08</code>');
  });

  it.each(['POST', 'DELETE'])('%s of a page is refused', async (method) => {
    expect((await fetch(`${guideline}/sins-surgical-opinion`, { method })).status).toBe(405);
  });

  it('is where every card comes from', async () => {
    const answer = await post(
      `${service.url}/cds-services/antiresorptive-safety`,
      orderSign('john-whitfield', [denosumab('john-whitfield')], {
        fhirServer: `${service.url}/sandbox/fhir`,
      }),
    );
    const urls = cardsOf(answer).map(({ source }) => (source as { readonly url?: string }).url ?? '');
    expect(urls.length).toBeGreaterThan(0);
    for (const url of urls) expect((await fetch(url)).status).toBe(200);
  });
});

describe('POST /guideline/try', () => {
  const ask = (body: unknown) => post(`${guideline}/try`, body);
  const zoledronic = {
    service: 'antiresorptive-safety',
    chart: ['vertebralMetastasisT10T11'],
    drafts: ['zoledronicDraft'],
  };

  it.each([
    [29, 'fires'],
    [30, 'silent'],
    [null, 'unknown'],
  ])('a clearance of %s: the contraindication %s', async (creatinineClearance, outcome) => {
    const answer = await ask({
      ...zoledronic,
      facts: { creatinineClearance, clearance: creatinineClearance },
    });
    expect(answer.status).toBe(200);
    expect(outcomeOf(answer, 'zoledronic-acid-renal-contraindication')?.outcome).toBe(outcome);
  });

  it('says why, in the language asked for', async () => {
    const answer = await ask({ ...zoledronic, facts: { creatinineClearance: 28 }, language: 'fr' });
    const outcome = outcomeOf(answer, 'zoledronic-acid-renal-contraindication');
    expect(outcome?.because).toContainEqual({
      input: 'clearance',
      title: 'Clairance de la créatinine',
      value: expect.stringMatching(/^28\smL\/min$/),
    });
    expect(
      tried(answer)
        .cards.map(({ summary }) => summary)
        .join(),
    ).toContain('clairance');
    expect(tried(answer).cards[0]?.source.url).toMatch(/\/guideline\/[a-z-]+$/);
  });

  it('tells every rule of the service, and which fact silenced one', async () => {
    const answer = await ask({
      service: 'bone-metastasis-review',
      chart: ['vertebralMetastasisT10T11', 'sinsComplete', 'surgicalOpinionOrder'],
    });
    const listed = service.deployment.prepared.services.get('bone-metastasis-review')?.rules.length;
    expect(tried(answer).outcomes).toHaveLength(listed ?? 0);
    const opinion = outcomeOf(answer, 'sins-surgical-opinion');
    expect(opinion?.outcome).toBe('silent');
    expect(opinion?.because.map(({ input }) => input)).toEqual(['surgicalOpinionOnSins']);
  });

  it.each([
    [{}, 'fires'],
    [{ 'sins-pain': 'none', 'sins-lesion': 'mixed' }, 'silent'],
    [{ 'sins-pain': 'sins-pain-none' }, 'fires'],
    [{ 'sins-pain': null, 'sins-lesion': 'mixed', 'sins-posterolateral': null }, 'unknown'],
  ])('SINS with the items %j: %s', async (facts, outcome) => {
    const answer = await ask({
      service: 'bone-metastasis-review',
      chart: ['vertebralMetastasisT10T11', 'sinsComplete'],
      facts,
    });
    expect(outcomeOf(answer, 'sins-surgical-opinion')?.outcome).toBe(outcome);
  });

  it.each([
    [[], ''],
    [{ service: 'nothing' }, 'service'],
    [{ ...zoledronic, chart: ['nothing'] }, 'chart[0]'],
    [{ ...zoledronic, drafts: 'zoledronicDraft' }, 'drafts'],
    [{ ...zoledronic, chart: [7] }, 'chart[0]'],
    [{ ...zoledronic, chart: Array.from({ length: 201 }, () => 'sinsComplete') }, 'chart'],
    [{ ...zoledronic, facts: { nothing: 1 } }, 'facts.nothing'],
    [{ ...zoledronic, facts: { clearance: [1] } }, 'facts.clearance'],
    [{ ...zoledronic, facts: { 'sins-pain': 'some' } }, 'facts.sins-pain'],
    [{ ...zoledronic, language: 'de' }, 'language'],
    [{ ...zoledronic, today: '2026-13-40' }, 'today'],
  ])('%j is refused at %s', async (body, path) => {
    const answer = await ask(body);
    expect(answer.status).toBe(400);
    expect(codesOf(answer)).toContain('REQUEST_INVALID');
    const { issue } = answer.body as {
      readonly issue: readonly { readonly expression?: readonly string[] }[];
    };
    expect(issue.map(({ expression }) => expression?.[0] ?? '')).toContain(path);
  });

  it('takes a Bundle and resources of one’s own in development', async () => {
    const patient = { resourceType: 'Patient', id: 'me', birthDate: '1960-01-01' };
    const metastasis = {
      resourceType: 'Condition',
      id: 'c',
      subject: { reference: 'Patient/me' },
      clinicalStatus: { coding: [{ code: 'active' }] },
      code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'C79.5' }] },
    };
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ resource: patient }, { resource: metastasis }],
    };
    const answer = await ask({ service: 'antiresorptive-safety', chart: bundle, drafts: [denosumab('me')] });
    expect(answer.status).toBe(200);
    expect(outcomeOf(answer, 'dental-assessment-before-antiresorptive')?.outcome).toBe('fires');
  });
});

describe('in production', () => {
  let live: TestService;
  beforeAll(async () => {
    live = await startService({
      NODE_ENV: 'production',
      PUBLIC_BASE_URL: 'https://cds.example.org/bones',
      CLIENTS_FILE: 'fixtures/clients/hospitals.yaml',
    });
  });
  afterAll(() => live.stop());

  it('the pages answer, and link below the public path', async () => {
    const response = await fetch(`${live.listeningOn}/guideline`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('href="/bones/guideline/recommendations/T-18"');
  });

  it.each([
    { chart: { resourceType: 'Bundle', type: 'collection', entry: [] } },
    { chart: [{ resourceType: 'Condition' }] },
    { chart: [{ use: 'sinsComplete', drop: ['component[1]'] }] },
    { drafts: [denosumab('p')] },
  ])('no chart of one’s own is accepted: %j', async (own) => {
    const answer = await call(`${live.listeningOn}/guideline/try`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ service: 'antiresorptive-safety', ...own }),
    });
    expect(answer.status).toBe(403);
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
  });

  it('examples are', async () => {
    const answer = await post(`${live.listeningOn}/guideline/try`, {
      service: 'antiresorptive-safety',
      chart: ['vertebralMetastasisT10T11'],
      drafts: ['denosumabDraft'],
    });
    expect(answer.status).toBe(200);
    expect(tried(answer).cards.length).toBeGreaterThan(0);
  });
});
