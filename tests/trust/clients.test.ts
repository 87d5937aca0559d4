import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { readClients } from '../../src/trust/clients.js';
import type { Client } from '../../src/trust/clients.js';
import type { ClientsProblem } from '../../src/trust/clients-problems.js';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/clients/${name}`, import.meta.url), 'utf8');

const clientsOf = (text: string, production = false): readonly Client[] => {
  const result = readClients(text, production);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.clients;
};

const problemsOf = (text: string, production = false): readonly ClientsProblem[] => {
  const result = readClients(text, production);
  return result.ok ? [] : result.problems;
};

const oneClient = (line: string): string =>
  [
    'clients:',
    '  - name: A',
    '    issuer: a',
    '    jwks: { url: https://a.example/jwks }',
    `    ${line}`,
  ].join('\n');

describe('a clients file', () => {
  it('as the example has it is accepted, in production too', () => {
    const clients = clientsOf(fixture('hospitals.yaml'), true);
    expect(clients.map(({ name }) => name)).toEqual(['Example Hospital', 'Clinique du Lac', 'Registry']);
    expect(clients[0]).toEqual({
      name: 'Example Hospital',
      issuer: 'https://ehr.example.org',
      jwks: { kind: 'url', url: 'https://ehr.example.org/.well-known/jwks.json' },
      algorithms: ['ES384', 'RS384'],
      tenants: ['north'],
      audiences: ['https://cds.example.org'],
      maxTokenLifetime: 3600,
      fhirServers: ['https://ehr.example.org/fhir'],
      authorizationServers: ['https://login.example.org'],
      corsOrigins: ['https://ehr.example.org'],
      frameAncestors: ['https://ehr.example.org', 'https://*.ehr.example.org'],
      language: 'fr',
      shadow: false,
    });
  });

  it('may leave out all but name, issuer and keys', () => {
    expect(clientsOf(oneClient(''))).toEqual([
      {
        name: 'A',
        issuer: 'a',
        jwks: { kind: 'url', url: 'https://a.example/jwks' },
        algorithms: ['ES384', 'RS384'],
        tenants: undefined,
        audiences: [],
        maxTokenLifetime: 3600,
        fhirServers: [],
        authorizationServers: [],
        corsOrigins: [],
        frameAncestors: [],
        language: undefined,
        shadow: false,
      },
    ]);
  });

  it('with inline keys keeps the url beside them as the only jku allowed', () => {
    expect(clientsOf(fixture('hospitals.yaml'))[2]?.jwks).toMatchObject({
      kind: 'keys',
      jku: 'https://registry.example.org/jwks.json',
      keys: [{ kid: 'a+b/c=' }],
    });
  });

  it('has its origins as a browser writes them', () => {
    const [client] = clientsOf(
      oneClient("corsOrigins: ['https://EHR.example.org:443/', 'https://ehr.example.org:8443']"),
    );
    expect(client?.corsOrigins).toEqual(['https://ehr.example.org', 'https://ehr.example.org:8443']);
  });

  it('may be empty in development only', () => {
    expect(clientsOf('clients: []')).toEqual([]);
    expect(problemsOf('clients: []', true)).toEqual([
      { line: 1, path: 'clients', expected: 'in production, at least one client' },
    ]);
  });
});

describe('a broken clients file', () => {
  it('has all its problems listed at once, each with its line and path', () => {
    const places = problemsOf(fixture('broken/everything-wrong.yaml')).map(
      ({ line, path, expected }) => `${line} ${path}: ${expected}`,
    );
    expect(places).toEqual([
      '2 clients[0].name: must NOT have fewer than 1 characters',
      '4 clients[0].jwks: must NOT have fewer than 1 properties',
      expect.stringMatching(/^5 clients\[0\]\.algorithms\[0\]: one of ES256, ES384,/),
      '9 clients[1].fhirServer: no such key',
      '11 clients[2].issuer: an issuer of its own (clients[1] has the same)',
      '13 clients[2].tenants[0]: must be string',
      '14 clients[3].jwks: to be there',
      '16 clients[3].language: one of en, fr',
      '17 clients[3].maxTokenLifetime: must be >= 1',
      '18 clients[3].corsOrigins: must NOT have duplicate items (items ## 2 and 1 are identical)',
      '18 clients[3].corsOrigins[0]: an origin: scheme, host and port only',
    ]);
  });

  it('has what is unsafe in production listed also where the client is malformed', () => {
    const text = [
      'clients:',
      '  - name: A',
      '    jwks: { url: http://a.example/jwks }',
      '    fhirServers: [http://a.example/fhir]',
    ].join('\n');
    expect(problemsOf(text, true).map(({ path }) => path)).toEqual([
      'clients[0].issuer',
      'clients[0].jwks.url',
      'clients[0].fhirServers[0]',
    ]);
  });

  it('with two clients of one issuer is refused, even when another client is malformed', () => {
    const text = `${oneClient('')}\n  - name: B\n    issuer: a\n    jwks: { url: https://b.example/jwks }\n`;
    const twice = {
      line: 7,
      path: 'clients[1].issuer',
      expected: 'an issuer of its own (clients[0] has the same)',
    };
    expect(problemsOf(text)).toEqual([twice]);
    expect(problemsOf(`${text}  - name: C\n`)).toContainEqual(twice);
  });

  it('with a private or symmetric key is refused, without repeating it', () => {
    const problems = problemsOf(fixture('broken/private-key.yaml'));
    expect(problems.map(({ path }) => path)).toEqual([
      'clients[0].jwks.keys[0].d',
      'clients[0].jwks.keys[1].kty',
      'clients[0].jwks.keys[1].k',
      'clients[0].jwks.keys[2].kid',
    ]);
    expect(JSON.stringify(problems)).not.toContain('not-to-be-repeated');
  });

  it('that is not YAML is refused with the line', () => {
    const problems = problemsOf(fixture('broken/not-yaml.txt'));
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every(({ line, expected }) => line >= 3 && expected.startsWith('valid YAML'))).toBe(true);
  });

  it.each([
    ['empty', ''],
    ['a list', '- a'],
    ['a text', 'clients'],
    ['without clients', 'client: []'],
    ['with a key twice', 'clients: []\nclients: []'],
    ['an alias bomb', `a: &a [x]\nb: [${Array.from({ length: 200 }, () => '*a').join(', ')}]`],
    ['larger than 1 MB', `clients: []\n#${'x'.repeat(1_100_000)}`],
    ['with __proto__', 'clients: []\n__proto__: { x: 1 }'],
  ])('is refused when it is %s', (_, text) => {
    expect(problemsOf(text)).not.toEqual([]);
  });

  it.each([
    ["fhirServers: ['https://u:p@a.example/fhir']", 'a URL without a user'],
    ["fhirServers: ['https://a.example/fhir?x=1']", 'a URL without query and fragment'],
    ["fhirServers: ['ftp://a.example/fhir']", 'an absolute http(s) URL'],
    ["authorizationServers: ['https://a.example/token']", 'an origin: scheme, host and port only'],
    ["authorizationServers: ['https://*.a.example']", 'an absolute http(s) URL'],
    ["corsOrigins: ['https://*.a.example']", 'an absolute http(s) URL'],
    ["corsOrigins: ['*']", 'an absolute http(s) URL'],
    ["corsOrigins: ['https://a.example/page']", 'an origin: scheme, host and port only'],
    ["frameAncestors: ['https://a.example;script-src']", 'an absolute http(s) URL'],
    ["frameAncestors: ['https://*']", 'an absolute http(s) URL'],
    ["frameAncestors: ['https://*.*.example']", 'an absolute http(s) URL'],
    ['algorithms: []', 'must NOT have fewer than 1 items'],
    ['maxTokenLifetime: 86401', 'must be <= 86400'],
  ])('is refused with %s', (line, expected) => {
    expect(problemsOf(oneClient(line))).toEqual([
      { line: 5, path: expect.stringMatching(/^clients\[0\]\./), expected },
    ]);
  });

  it('with two different inline keys of one kid is accepted: an EHR may be changing its key', () => {
    const key = (x: string) => `{ kty: EC, crv: P-384, kid: one, x: ${x}, y: AA }`;
    const text = `clients:\n  - name: A\n    issuer: a\n    jwks:\n      keys:\n        - ${key('AA')}\n        - ${key('BB')}\n`;
    expect(readClients(text, true)).toMatchObject({ ok: true, warnings: [] });
  });

  it('is accepted with what is hardly meant, and the operator is told the line', () => {
    const text = [
      'clients:',
      '  - name: A',
      '    issuer: a',
      '    jwks: { keys: [{ kty: EC, crv: P-384, kid: one, x: AA, y: AA }] }',
      "    frameAncestors: ['https://*.example.org', 'https://ehr.example.org']",
      '  - name: B',
      '    issuer: b',
      '    jwks:',
      '      keys:',
      '        - { kty: EC, crv: P-384, kid: two, x: AA, y: AA }',
      '        - { kty: EC, crv: P-384, kid: three, y: AA }',
      '        - { kty: RSA, kid: four, e: AQAB }',
    ].join('\n');
    const read = readClients(text, true);
    expect(read.ok && read.warnings.map(({ line, path }) => `${line} ${path}`)).toEqual([
      '5 clients[0].frameAncestors[0]',
      '10 clients[1].jwks.keys[0]',
      '11 clients[1].jwks.keys[1]',
      '12 clients[1].jwks.keys[2]',
    ]);
  });

  it('with an inline key that stands there twice is refused', () => {
    const key = '{ kty: EC, crv: P-384, kid: one, x: AA, y: AA }';
    const text = `clients:\n  - name: A\n    issuer: a\n    jwks:\n      keys:\n        - ${key}\n        - ${key}\n`;
    expect(problemsOf(text)).toEqual([
      { line: 7, path: 'clients[0].jwks.keys[1].kid', expected: 'a kid of its own' },
    ]);
  });
});

describe('production', () => {
  const file = fixture('broken/not-safe-in-production.yaml');

  it('refuses every URL in clear text; development accepts them', () => {
    expect(problemsOf(file, true).map(({ line, path }) => `${line} ${path}`)).toEqual([
      '4 clients[0].jwks.url',
      '7 clients[0].fhirServers[1]',
      '8 clients[0].fhirServers[2]',
      '9 clients[0].authorizationServers[0]',
      '10 clients[0].corsOrigins[0]',
      '11 clients[0].frameAncestors[0]',
    ]);
    expect(problemsOf(file, false)).toEqual([]);
  });

  it('accepts keys in clear text from this machine, but no name that only looks like it', () => {
    const from = (host: string) => oneClient('').replace('https://a.example/jwks', `'http://${host}/jwks'`);
    expect(problemsOf(from('127.0.0.1:9000'), true)).toEqual([]);
    expect(problemsOf(from('[::1]:9000'), true)).toEqual([]);
    expect(problemsOf(from('localhost'), true)).toEqual([]);
    expect(problemsOf(from('localhost.example.org'), true)).toHaveLength(1);
    expect(problemsOf(from('127.0.0.1.example.org'), true)).toHaveLength(1);
  });
});

describe('any text', () => {
  it('never makes the reading throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json(), fc.string().map(oneClient)),
        fc.boolean(),
        (text, production) => {
          expect(typeof readClients(text, production).ok).toBe('boolean');
        },
      ),
      { numRuns: 500 },
    );
  });
});
