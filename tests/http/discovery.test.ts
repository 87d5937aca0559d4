import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isHookName, isTokenField } from '../../src/cds-hooks/hooks.js';
import { call, startService, type TestService } from './running.js';

interface Entry {
  readonly id: string;
  readonly hook: string;
  readonly title: string;
  readonly description: string;
  readonly prefetch?: Readonly<Record<string, string>>;
}

let service: TestService;
let entries: readonly Entry[];

beforeAll(async () => {
  service = await startService();
  entries = ((await call(`${service.url}/cds-services`)).body as { services: Entry[] }).services;
});
afterAll(() => service.stop());

describe('discovery', () => {
  it('lists each service once for each of its hooks, all of them standard', () => {
    expect(entries.length).toBeGreaterThan(0);
    expect(new Set(entries.map(({ id, hook }) => `${id} ${hook}`)).size).toBe(entries.length);
    expect(entries.filter(({ hook }) => !isHookName(hook))).toEqual([]);
  });

  it('holds no null, no empty string, list or object, and no private key', () => {
    const walk = (value: unknown): void => {
      expect(value).not.toBeNull();
      expect(value).not.toBe('');
      if (typeof value === 'object' && value !== null) {
        expect(Object.keys(value).length).toBeGreaterThan(0);
        Object.values(value).forEach(walk);
      }
    };
    walk(entries);
    const keys = new Set(entries.flatMap((entry) => Object.keys(entry)));
    expect([...keys].sort()).toEqual(['description', 'hook', 'id', 'prefetch', 'title', 'usageRequirements']);
  });

  it('asks for data inside the recommended query subset, with few keys', () => {
    for (const { prefetch = {}, hook } of entries) {
      // One query for each resource type, of which rules read sixteen: no type can be left out.
      const types = Object.values(prefetch).map((template) => /^[A-Za-z]+/.exec(template)?.[0]);
      expect(new Set(types).size).toBe(types.length);
      expect(types.length).toBeLessThanOrEqual(16);
      for (const template of Object.values(prefetch)) {
        expect(template).toMatch(
          /^[A-Z][A-Za-z]+(?:\/\{\{context\.patientId\}\}$|\?patient=\{\{context\.patientId\}\})/,
        );
        expect(template).not.toMatch(/[?&](?:_include|_revinclude|_has|\w+\.\w+=|\w+:(?!in\b))/);
        for (const [, field = ''] of template.matchAll(/\{\{context\.(\w+)\}\}/g)) {
          expect(isHookName(hook) && isTokenField(hook, field)).toBe(true);
        }
      }
    }
  });

  it('asks for nothing that the sandbox does not serve', async () => {
    const templates = new Set(entries.flatMap(({ prefetch = {} }) => Object.values(prefetch)));
    const unserved: string[] = [];
    for (const template of templates) {
      const query = template.replace('{{context.patientId}}', 'claire-moreau');
      const { status } = await call(`${service.url}/sandbox/fhir/${query}`);
      if (status !== 200) unserved.push(`${template} ${status}`);
    }
    expect(unserved).toEqual([]);
  });

  it('may be kept by its reader and asked for again by its tag, in each language by its own', async () => {
    const read = (headers: Readonly<Record<string, string>> = {}) =>
      call(`${service.url}/cds-services`, { headers });
    const [english, french] = [await read(), await read({ 'accept-language': 'fr' })];
    expect(english.headers.get('cache-control')).toBe('private, no-cache');
    expect(english.headers.get('vary')).toMatch(/Origin.*Accept-Language.*Authorization/);
    const tag = english.headers.get('etag') ?? '';
    expect((await read({ 'if-none-match': tag })).status).toBe(304);
    expect((await read({ 'if-none-match': tag, 'accept-language': 'fr' })).status).toBe(200);
    expect(french.headers.get('etag')).not.toBe(tag);
  });

  it('speaks French when asked to, and English by default', async () => {
    const french = (
      await call(`${service.url}/cds-services`, { headers: { 'accept-language': 'fr-CA, de;q=0.5' } })
    ).body;
    expect(JSON.stringify(french)).toContain('Sécurité des antirésorptifs');
    const other = (await call(`${service.url}/cds-services`, { headers: { 'accept-language': 'de' } })).body;
    expect(JSON.stringify(other)).toContain('Safety of antiresorptives');
  });
});
