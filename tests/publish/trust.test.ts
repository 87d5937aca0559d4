import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, codesOf, post, startService, today, type TestService } from '../http/running.js';
import { bearer, generateSigningKey, ISSUER } from '../trust/issuer.js';

const key = await generateSigningKey('ES384', 'key-1');
const now = Date.parse(`${today}T10:00:00`) / 1000;
let folder = '';
let service: TestService;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clients-'));
  const file = join(folder, 'clients.yaml');
  const client = { name: 'Example Hospital', issuer: ISSUER, jwks: { keys: [{ ...key.jwk, alg: 'ES384' }] } };
  await writeFile(
    file,
    JSON.stringify({ clients: [{ ...client, fhirServers: ['https://ehr.example.org/fhir'] }] }),
  );
  service = await startService({ CLIENTS_FILE: file }, { now: () => new Date(now * 1000) });
});
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true });
});

describe('the trust that $extract asks for', () => {
  const times = { iat: now, exp: now + 300 };

  it('is a token for its own address', async () => {
    const url = `${service.url}/fhir/QuestionnaireResponse/$extract`;
    const authorization = await bearer(key, { ...times, aud: url });
    // The caller is known, so the answer is about the body.
    expect((await post(url, {}, { authorization })).status).toBe(400);
  });

  it.each(['/QuestionnaireResponse/$extract', '/cds-services/antiresorptive-safety'])(
    'is not given by a token for %s',
    async (path) => {
      const authorization = await bearer(key, { ...times, aud: `${service.url}${path}` });
      const refused = await post(`${service.url}/fhir/QuestionnaireResponse/$extract`, {}, { authorization });
      expect(refused.status).toBe(401);
      expect(codesOf(refused)).toEqual(['UNAUTHORIZED']);
    },
  );

  it('is not asked of who reads the knowledge', async () => {
    const read = await call(`${service.url}/fhir/Questionnaire/sins`, {
      headers: { authorization: 'Bearer wrong' },
    });
    expect(read.status).toBe(200);
  });
});
