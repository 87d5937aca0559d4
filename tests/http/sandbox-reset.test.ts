import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { importJWK, SignJWT, type JWK } from 'jose';
import { call, cardsOf, patientView, post, startService, type TestService } from './running.js';

const patient = 'claire-moreau';
const path = '/cds-services/bone-metastasis-review';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

/** `Authorization` as the page that plays the EHR signs its calls; nothing for who calls as in the README. */
async function signed(target: string): Promise<Readonly<Record<string, string>>> {
  const { body } = await call(`${service.url}/sandbox/ehr-key.json`);
  const { issuer, jku, key } = body as { readonly issuer: string; readonly jku: string; readonly key: JWK };
  const now = service.deployment.clock().getTime() / 1000;
  const token = await new SignJWT({
    iss: issuer,
    aud: `${service.url}${target}`,
    iat: now,
    exp: now + 300,
    jti: crypto.randomUUID(),
  })
    .setProtectedHeader({ alg: 'ES384', typ: 'JWT', kid: String(key.kid), jku })
    .sign(await importJWK(key, 'ES384'));
  return { authorization: `Bearer ${token}` };
}
const unsigned = (): Promise<Readonly<Record<string, string>>> => Promise.resolve({});

describe('the demo data put back', () => {
  it.each([
    { who: 'the sandbox EHR', headersFor: signed },
    { who: 'who calls without a signature', headersFor: unsigned },
  ])('are those of a first visit for $who: what was declined is said again', async ({ headersFor }) => {
    const ask = async () => {
      const body = patientView(patient, { fhirServer: `${service.url}/sandbox/fhir` });
      return cardsOf(await post(`${service.url}${path}`, body, await headersFor(path)));
    };
    const first = await ask();
    const declined = first.find(({ indicator }) => indicator === 'info');
    const told = await post(
      `${service.url}${path}/feedback`,
      {
        feedback: [{ card: declined?.uuid, outcome: 'overridden', outcomeTimestamp: '2026-11-20T10:00:00Z' }],
      },
      await headersFor(`${path}/feedback`),
    );
    expect(told.status).toBe(200);
    const summaries = (cards: typeof first): readonly string[] => cards.map(({ summary }) => summary);
    expect(summaries(await ask())).not.toContain(declined?.summary);

    expect((await fetch(`${service.url}/sandbox/reset`, { method: 'POST' })).status).toBe(204);
    expect(summaries(await ask())).toEqual(summaries(first));
  });
});
