import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, importJWK, jwtVerify, SignJWT, type JWK } from 'jose';
import { announce, authorizeUrl, Browser, jsonOf, launched, pkce, redeem, sandbox } from './sandbox.js';
import type { Sandbox } from './sandbox.js';

let server: Sandbox;
let shortLived: Sandbox;
beforeAll(async () => {
  server = await sandbox();
  shortLived = await sandbox({ accessTokenSeconds: 4, codeSeconds: 1 });
});
afterAll(() => {
  server.close();
  shortLived.close();
});

const after = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, seconds * 1000 + 100));

async function statusOf(
  path: string,
  token: string,
  init: RequestInit = {},
  base = server.base,
): Promise<number> {
  const response = await fetch(`${base}/sandbox/fhir/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
  });
  return response.status;
}

describe('an access token', () => {
  it("opens its patient's chart and no other", async () => {
    const token = String((await launched(server.base, { patient: 'claire-moreau' })).access_token);
    expect(await statusOf('Patient/claire-moreau', token)).toBe(200);
    expect(await statusOf('Observation/claire-moreau-sins', token)).toBe(200);
    expect(await statusOf('Patient/john-whitfield', token)).toBe(403);
    expect(await statusOf('Condition/john-whitfield-primary', token)).toBe(403);
    const others = await fetch(`${server.base}/sandbox/fhir/Condition?patient=john-whitfield`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await jsonOf(others)).toMatchObject({ total: 0 });
  });

  it('allows only what its scopes say', async () => {
    const granted = await launched(
      server.base,
      { patient: 'claire-moreau' },
      { scope: 'launch patient/Patient.r patient/Observation.cu' },
    );
    const token = String(granted.access_token);
    const observation = (patient: string): RequestInit => ({
      method: 'POST',
      body: JSON.stringify({
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'a score' },
        subject: { reference: `Patient/${patient}` },
      }),
    });
    expect(await statusOf('Patient/claire-moreau', token)).toBe(200);
    expect(await statusOf('Observation', token, observation('claire-moreau'))).toBe(201);
    expect(await statusOf('Observation', token, observation('john-whitfield'))).toBe(403);
    expect(await statusOf('Observation/claire-moreau-sins', token)).toBe(403);
    expect(await statusOf('Condition/claire-moreau-primary', token)).toBe(403);
  });

  it('is refused when it is made up, of another scheme, or expired', async () => {
    expect(await statusOf('Patient/claire-moreau', 'made-up')).toBe(401);
    const basic = await fetch(`${server.base}/sandbox/fhir/Patient/claire-moreau`, {
      headers: { authorization: 'Basic YTpi' },
    });
    expect(basic.status).toBe(401);
    expect(basic.headers.get('www-authenticate')).toContain('Bearer');

    const { base } = shortLived;
    const token = String((await launched(base, { patient: 'claire-moreau' })).access_token);
    expect(await statusOf('Patient/claire-moreau', token, {}, base)).toBe(200);
    await after(5);
    expect(await statusOf('Patient/claire-moreau', token, {}, base)).toBe(401);
  });

  it('ends when its code is used a second time, since one of the two was stolen', async () => {
    const { base } = server;
    const { verifier, challenge } = pkce();
    const launch = await announce(base, { patient: 'claire-moreau' });
    const { url } = await new Browser().follow(authorizeUrl(base, challenge, { launch }), `${base}/smart/`);
    const code = url.searchParams.get('code') ?? '';
    const token = String((await jsonOf(await redeem(base, code, verifier))).access_token);
    expect(await statusOf('Patient/claire-moreau', token)).toBe(200);
    await redeem(base, code, verifier);
    expect(await statusOf('Patient/claire-moreau', token)).toBe(401);
  });

  it('is not given for an expired code', async () => {
    const { base } = shortLived;
    const { verifier, challenge } = pkce();
    const launch = await announce(base, { patient: 'claire-moreau' });
    const { url } = await new Browser().follow(authorizeUrl(base, challenge, { launch }), `${base}/smart/`);
    await after(2);
    const refused = await redeem(base, url.searchParams.get('code') ?? '', verifier);
    expect(refused.status).toBe(400);
    expect(await jsonOf(refused)).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('without a token', () => {
  it('this machine may read everything, as the CDS service does in development', async () => {
    const response = await fetch(`${server.base}/sandbox/fhir/Patient/john-whitfield`);
    expect(response.status).toBe(200);
  });
});

describe('the key of the sandbox EHR', () => {
  it('signs what the published key set verifies', async () => {
    const { issuer, jku, key } = await jsonOf(await fetch(`${server.base}/sandbox/ehr-key.json`));
    const published = await jsonOf(await fetch(String(jku)));
    const { kid } = key as JWK;
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES384', kid: String(kid) })
      .setIssuer(String(issuer))
      .sign(await importJWK(key as JWK, 'ES384'));
    const keys = { keys: published.keys as JWK[] };
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys));
    expect(payload.iss).toBe(`${server.base}/sandbox/ehr`);
    expect(JSON.stringify(published)).not.toContain('"d"');
  });
});

describe('the token of a hook call', () => {
  async function tokenFor(patient: string): Promise<Response> {
    return fetch(`${server.base}/sandbox/ehr/fhir-authorization`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ patient }),
    });
  }

  it('reads the chart of its patient, no other, and writes nothing', async () => {
    const answer = await tokenFor('claire-moreau');
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const given = await jsonOf(answer);
    expect(given).toMatchObject({ token_type: 'Bearer', expires_in: 300, patient: 'claire-moreau' });
    const token = String(given.access_token);
    expect(await statusOf('Patient/claire-moreau', token)).toBe(200);
    expect(await statusOf('Condition?patient=claire-moreau', token)).toBe(200);
    expect(await statusOf('Patient/john-whitfield', token)).toBe(403);
    const body = JSON.stringify({
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'a score' },
      subject: { reference: 'Patient/claire-moreau' },
    });
    expect(await statusOf('Observation', token, { method: 'POST', body })).toBe(403);
  });

  it('is not made for a patient who does not exist', async () => {
    expect((await tokenFor('nobody')).status).toBe(404);
  });
});
