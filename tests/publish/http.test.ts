import { mkdtemp, rm, mkdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { smartApp } from '../../src/http/smart.js';
import type { Score } from '../../src/knowledge/types.js';
import { call, codesOf, post, startService, type TestService } from '../http/running.js';

const system = 'https://bone-metastasis-cds.example/fhir/CodeSystem/score';
let service: TestService;
let fhir = '';

beforeAll(async () => {
  service = await startService();
  fhir = `${service.url}/fhir`;
});
afterAll(() => service.stop());

interface Searchset {
  readonly total: number;
  readonly entry?: readonly { readonly fullUrl: string; readonly resource: { readonly id: string } }[];
}

const types = ['CodeSystem', 'ValueSet', 'Questionnaire', 'PlanDefinition'];

describe('GET /fhir', () => {
  it('says in its CapabilityStatement what can be read and done', async () => {
    const { status, headers, body } = await call(`${fhir}/metadata`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/fhir\+json/);
    expect(body).toMatchObject({
      resourceType: 'CapabilityStatement',
      fhirVersion: '4.0.1',
      date: '2026-11-20',
      implementation: { url: fhir },
    });
    expect(JSON.stringify(body)).toContain('QuestionnaireResponse-extract');
  });

  it.each(types)('lists each %s, and each can be read at its address', async (type) => {
    const listed = (await call(`${fhir}/${type}`)).body as Searchset;
    expect(listed.entry).toHaveLength(listed.total);
    expect(listed.total).toBeGreaterThan(0);
    for (const { fullUrl, resource } of listed.entry?.slice(0, 12) ?? []) {
      const read = await call(fullUrl);
      expect(read.status).toBe(200);
      expect(read.body).toEqual(resource);
    }
  });

  it.each([
    ['_id=sins', ['sins']],
    ['_id=sins,nothing', ['sins']],
    ['url=https://bone-metastasis-cds.example/fhir/Questionnaire/sins', ['sins']],
    ['url=https://bone-metastasis-cds.example/fhir/Questionnaire/sins&_id=other', []],
    ['_id=nothing', []],
    ['url=https://bone-metastasis-cds.example/fhir/Questionnaire/sins&version=9.0.0', []],
    ['_id=sins&constructor=x', ['sins']],
  ])('finds Questionnaires by %s', async (query, ids) => {
    const found = (await call(`${fhir}/Questionnaire?${query}`)).body as Searchset;
    expect(found.entry?.map(({ resource }) => resource.id) ?? []).toEqual(ids);
    expect(found.total).toBe(ids.length);
  });

  it('finds a Questionnaire by the version that it has', async () => {
    const { version } = (await call(`${fhir}/Questionnaire/sins`)).body as { readonly version: string };
    const query = `url=https://bone-metastasis-cds.example/fhir/Questionnaire/sins&version=${version}`;
    expect((await call(`${fhir}/Questionnaire?${query}`)).body).toMatchObject({ total: 1 });
  });

  it('answers in the language asked for, and lets caches keep each language', async () => {
    const french = await call(`${fhir}/Questionnaire/sins`, { headers: { 'accept-language': 'fr-CA' } });
    const english = await call(`${fhir}/Questionnaire/sins`, { headers: { 'accept-language': 'en' } });
    expect(french.body).toMatchObject({ language: 'fr', item: { 0: { text: 'Localisation' } } });
    expect(english.body).toMatchObject({ language: 'en', item: { 0: { text: 'Location' } } });
    expect(french.headers.get('content-language')).toBe('fr');
    expect(french.headers.get('vary')).toContain('Accept-Language');
    expect(french.headers.get('cache-control')).toMatch(/^public/);
    expect(french.headers.get('etag')).not.toBe(english.headers.get('etag'));
  });

  it('answers 304 to who has it already', async () => {
    const first = await call(`${fhir}/CodeSystem/score`);
    const etag = first.headers.get('etag') ?? '';
    const again = await call(`${fhir}/CodeSystem/score`, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    expect(again.text).toBe('');
  });

  it.each(['/CodeSystem/nothing', '/Patient/1', '/Patient', '', '/ValueSet/__proto__'])(
    'answers 404 with an OperationOutcome at /fhir%s',
    async (path) => {
      const missing = await call(`${fhir}${path}`);
      expect(missing.status).toBe(404);
      expect(codesOf(missing)).toEqual(['NOT_FOUND']);
      expect(missing.headers.get('content-type')).toMatch(/^application\/fhir\+json/);
    },
  );

  it.each([
    ['POST', '/CodeSystem'],
    ['PUT', '/Questionnaire/sins'],
    ['DELETE', '/metadata'],
    ['GET', '/QuestionnaireResponse/$extract'],
  ])('answers 405 to %s %s', async (method, path) => {
    const refused = await call(`${fhir}${path}`, { method });
    expect(refused.status).toBe(405);
    expect(codesOf(refused)).toEqual(['METHOD_NOT_ALLOWED']);
    expect(refused.headers.get('allow')).toBeTruthy();
  });
});

interface Result {
  readonly score: string;
  readonly total?: number;
  readonly items: readonly { readonly item: string; readonly answer?: string; readonly from?: string }[];
}

/** The bone lesion that a score per lesion needs, at a place for which it is meant. */
function chartFor(score: Score): readonly object[] {
  if (score.per === 'patient') return [];
  const sites = [...service.deployment.prepared.knowledge.bodySites.values()];
  const site = sites.find(
    ({ id, region = '', codes }) =>
      codes.length > 0 && (score.sites?.includes(id) === true || score.sites?.includes(region) === true),
  );
  return [
    {
      resourceType: 'Condition',
      id: 'lesion',
      clinicalStatus: { coding: [{ code: 'active' }] },
      subject: { reference: 'Patient/p1' },
      code: { coding: [{ system: 'http://snomed.info/sct', code: '94222008' }] },
      bodySite: [{ coding: site?.codes.slice(0, 1) ?? [] }],
    },
  ];
}

describe('POST /fhir/QuestionnaireResponse/$extract', () => {
  it('gives POST /scores the same answers back, whatever was answered', async () => {
    const scores = [...service.deployment.prepared.knowledge.scores.values()];
    const answered = fc.constantFrom(...scores).chain((score) =>
      fc
        .tuple(
          ...score.items.map(({ answers }) =>
            fc.option(fc.constantFrom(...answers.map(({ code }) => code)), { nil: undefined }),
          ),
        )
        .filter((codes) => codes.some((code) => code !== undefined))
        .map((codes) => ({ score, codes })),
    );
    await fc.assert(
      fc.asyncProperty(answered, async ({ score, codes }) => {
        const given = score.items.flatMap(({ id }, index) => {
          const code = codes[index];
          return code === undefined ? [] : [{ item: id, answer: code }];
        });
        const extracted = await post(`${fhir}/QuestionnaireResponse/$extract`, {
          resourceType: 'QuestionnaireResponse',
          status: 'completed',
          questionnaire: `https://bone-metastasis-cds.example/fhir/Questionnaire/${score.id}`,
          subject: { reference: 'Patient/p1' },
          authored: '2026-11-20',
          item: given.map(({ item, answer }) => ({
            linkId: item,
            answer: [{ valueCoding: { system, code: `${item}-${answer}` } }],
          })),
        });
        expect(extracted.status).toBe(200);
        const { entry } = extracted.body as {
          readonly entry: readonly { readonly resource: { readonly valueInteger?: number } }[];
        };
        const chart = [...chartFor(score), ...entry.map(({ resource }) => ({ ...resource, id: 'form' }))];
        const scored = await post(`${service.url}/scores`, {
          resourceType: 'Bundle',
          type: 'collection',
          entry: chart.map((resource) => ({ resource })),
        });
        const results = (scored.body as { readonly scores: readonly Result[] }).scores;
        const result = results.find((each) => each.score === score.id);
        const recorded = result?.items
          .filter(({ from }) => from === 'answer')
          .map(({ item, answer }) => ({ item, answer }));
        expect(recorded).toEqual(given);
        if (given.length === score.items.length) {
          expect(result?.total).toBe(entry[0]?.resource.valueInteger);
        } else expect(entry[0]?.resource).not.toHaveProperty('valueInteger');
      }),
      { numRuns: 40 },
    );
  });

  it('answers 400 with every problem', async () => {
    const refused = await post(`${fhir}/QuestionnaireResponse/$extract`, {
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
    });
    expect(refused.status).toBe(400);
    expect(codesOf(refused)).toEqual(['REQUEST_INVALID', 'REQUEST_INVALID']);
  });

  it('answers 400 to what is no JSON, and keeps nothing in caches', async () => {
    const refused = await post(`${fhir}/QuestionnaireResponse/$extract`, '{');
    expect(refused.status).toBe(400);
    expect(refused.headers.get('cache-control')).toBe('no-store');
  });

  it('takes application/fhir+json and refuses other media types', async () => {
    const url = `${fhir}/QuestionnaireResponse/$extract`;
    expect((await post(url, {}, { 'content-type': 'application/fhir+json' })).status).toBe(400);
    expect((await post(url, '<x/>', { 'content-type': 'application/fhir+xml' })).status).toBe(415);
  });
});

describe('/smart', () => {
  it('gives the app the scores, without what only the server decides with', async () => {
    const { status, headers, body } = await call(`${service.url}/smart/knowledge.json`);
    const { scores, bodySites, phrases } = service.deployment.prepared.knowledge;
    expect(status).toBe(200);
    expect(headers.get('etag')).toBeTruthy();
    const { scores: sent, sites, phrases: words, version } = body as Readonly<Record<string, unknown>>;
    expect((sent as readonly Score[]).map(({ id }) => id)).toEqual([...scores.keys()]);
    const places = [...bodySites.values()].filter(({ regions }) => regions === undefined);
    expect(sites).toHaveLength(places.length);
    expect(Object.keys(words as object)).toEqual([...phrases.keys()]);
    expect(version).toMatch(/^[0-9a-f]{12}$/);
    expect(JSON.stringify(sent)).not.toContain('"examples"');
    const answers = (sent as readonly Score[]).flatMap(({ items }) => items.flatMap((item) => item.answers));
    expect(answers.filter((answer) => 'fact' in answer || 'derived' in answer)).toEqual([]);
  });

  it('lets only itself run scripts, and in development only loopback frame it and be called', async () => {
    const csp = (await fetch(`${service.url}/smart/knowledge.json`)).headers.get('content-security-policy');
    const directives = (csp ?? '').split('; ');
    expect(directives).toEqual(
      expect.arrayContaining([
        "script-src 'self'",
        "style-src 'self'",
        expect.stringMatching(/^connect-src 'self' http:\/\/127\.0\.0\.1:\S+ .*http:\/\/localhost:\*$/),
        "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*",
      ]),
    );
  });

  it('lets the EHRs of the clients file frame it in production, and nobody else', async () => {
    const client = {
      fhirServers: ['https://ehr.example.org/fhir', 'https://ehr.example.org/other'],
      authorizationServers: ['https://login.example.org'],
      frameAncestors: ['https://ehr.example.org'],
    };
    const clients = service.deployment.clients;
    const app = express();
    const { config } = service.deployment;
    const production = { ...service.deployment, config: { ...config, production: true } };
    const known = { ...production, clients: () => [{ ...clients()[0], ...client }] as never };
    app.use('/known', smartApp(known)).use('/none', smartApp({ ...production, clients: () => [] }));
    await listening(app, async (url) => {
      const csp = async (path: string): Promise<string> =>
        (await fetch(`${url}${path}/knowledge.json`)).headers.get('content-security-policy') ?? '';
      expect(await csp('/known')).toContain(
        "connect-src 'self' https://ehr.example.org https://login.example.org;",
      );
      expect(await csp('/known')).toMatch(/frame-ancestors https:\/\/ehr\.example\.org$/);
      expect(await csp('/none')).toMatch(/connect-src 'self'; frame-ancestors 'none'$/);
    });
  });

  it('serves the built app: pages always asked for again, hashed files kept', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smart-app-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<p>index');
    await writeFile(join(folder, 'launch.html'), '<p>launch');
    await writeFile(join(folder, 'assets', 'a-1.js'), '1');
    const app = express().use('/smart', smartApp(service.deployment, folder));
    await listening(app, async (url) => {
      const page = async (path: string): Promise<readonly [string, string | null]> => {
        const response = await fetch(`${url}${path}`);
        return [await response.text(), response.headers.get('cache-control')];
      };
      expect(await page('/smart/?code=1&state=2')).toEqual(['<p>index', 'no-cache']);
      expect(await page('/smart/launch?iss=x&launch=y')).toEqual(['<p>launch', 'no-cache']);
      expect((await page('/smart/assets/a-1.js'))[1]).toContain('immutable');
      expect((await fetch(`${url}/smart/nothing.js`)).status).toBe(404);
    });
    await rm(folder, { recursive: true });
  });

  it('says in both languages that the app is not built', async () => {
    const app = express().use('/smart', smartApp(service.deployment, join(tmpdir(), 'no-such-app')));
    await listening(app, async (url) => {
      const page = await fetch(`${url}/smart/launch?iss=x`);
      expect(page.status).toBe(503);
      expect(await page.text()).toMatch(/not built[^]*pas installée/);
      expect((await fetch(`${url}/smart/`, { method: 'POST' })).status).toBe(405);
    });
  });
});

async function listening(app: express.Express, then: (url: string) => Promise<void>): Promise<void> {
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    await then(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
