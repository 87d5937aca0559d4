import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { announce, authorizeUrl, Browser, jsonOf, launched, pkce, redeem, sandbox } from './sandbox.js';
import type { Sandbox } from './sandbox.js';

let server: Sandbox;
beforeAll(async () => {
  server = await sandbox();
});
afterAll(() => {
  server.close();
});

describe('the SMART configuration', () => {
  it('names endpoints below the issuer, for any origin', async () => {
    const response = await fetch(`${server.base}/sandbox/fhir/.well-known/smart-configuration`, {
      headers: { origin: 'https://app.example' },
    });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await jsonOf(response)).toMatchObject({
      issuer: `${server.base}/sandbox/auth`,
      authorization_endpoint: `${server.base}/sandbox/auth/auth`,
      token_endpoint: `${server.base}/sandbox/auth/token`,
      code_challenge_methods_supported: ['S256'],
    });
  });

  it('agrees with what the authorization server says of itself', async () => {
    const own = await jsonOf(await fetch(`${server.base}/sandbox/auth/.well-known/openid-configuration`));
    const smart = await jsonOf(await fetch(`${server.base}/sandbox/fhir/.well-known/smart-configuration`));
    for (const endpoint of ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri']) {
      expect(own[endpoint]).toBe(smart[endpoint]);
    }
  });

  it('claims authorization by POST only where a POST is answered', async () => {
    const { authorization_endpoint: endpoint, capabilities } = await jsonOf(
      await fetch(`${server.base}/sandbox/fhir/.well-known/smart-configuration`),
    );
    const { status } = await fetch(String(endpoint), {
      method: 'POST',
      body: new URLSearchParams({ scope: 'openid' }),
    });
    expect((capabilities as readonly string[]).includes('authorize-post')).toBe(status !== 404);
  });
});

describe('an EHR launch', () => {
  it('ends with a token for the patient whose chart is open, and what the card said', async () => {
    const token = await launched(server.base, {
      patient: 'claire-moreau',
      encounter: 'claire-moreau-encounter',
      appContext: '{"score":"sins"}',
    });
    expect(token).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3600,
      patient: 'claire-moreau',
      encounter: 'claire-moreau-encounter',
      appContext: '{"score":"sins"}',
      need_patient_banner: false,
      smart_web_messaging_origin: server.base,
      smart_web_messaging_handle: expect.stringMatching(/./),
    });
    expect(String(token.scope).split(' ')).toEqual(
      expect.arrayContaining(['patient/*.rs', 'patient/Observation.cu', 'launch', 'openid']),
    );
    expect(decodeJwt(String(token.id_token)).fhirUser).toBe(
      `${server.base}/sandbox/fhir/Practitioner/demo-oncologist`,
    );
  });

  it('gives the second patient to the same browser when another chart is opened', async () => {
    const browser = new Browser();
    const first = await launched(server.base, { patient: 'claire-moreau' }, {}, browser);
    const second = await launched(server.base, { patient: 'john-whitfield' }, {}, browser);
    expect([first.patient, second.patient]).toEqual(['claire-moreau', 'john-whitfield']);
  });

  it('grants SMART v1 scopes too, and leaves out what no scope is', async () => {
    const token = await launched(
      server.base,
      { patient: 'claire-moreau' },
      { scope: 'launch patient/Observation.read patient/Rocket.read' },
    );
    expect(token.scope).toBe('launch patient/Observation.read');
  });

  it('keeps the state of the app', async () => {
    const { challenge } = pkce();
    const launch = await announce(server.base, { patient: 'claire-moreau' });
    const { url } = await new Browser().follow(
      authorizeUrl(server.base, challenge, { launch, state: 'its own' }),
      `${server.base}/smart/`,
    );
    expect(url.searchParams.get('state')).toBe('its own');
  });

  it.each([
    ['without aud', { aud: undefined }, 'invalid_request'],
    ['with the aud of another FHIR server', { aud: 'https://other.example/fhir' }, 'invalid_target'],
    ['without PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['with plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['with a launch that nobody announced', { launch: 'made-up' }, 'invalid_request'],
  ])('is refused %s', async (_what, changes, error) => {
    const { challenge } = pkce();
    const launch = await announce(server.base, { patient: 'claire-moreau' });
    const { url } = await new Browser().follow(
      authorizeUrl(server.base, challenge, { launch, ...changes }),
      `${server.base}/smart/`,
    );
    expect(url.searchParams.get('error')).toBe(error);
    expect(url.searchParams.get('code')).toBeNull();
  });

  it('does not send the user to a redirect URI that is not registered', async () => {
    const { challenge } = pkce();
    const { response } = await new Browser().follow(
      authorizeUrl(server.base, challenge, { redirect_uri: 'https://evil.example/' }),
      'https://evil.example/',
    );
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('invalid_redirect_uri');
  });

  it('gives no token for a code with another verifier, nor twice for one code', async () => {
    const { verifier, challenge } = pkce();
    const codeOf = async (): Promise<string> => {
      const launch = await announce(server.base, { patient: 'claire-moreau' });
      const { url } = await new Browser().follow(
        authorizeUrl(server.base, challenge, { launch }),
        `${server.base}/smart/`,
      );
      return url.searchParams.get('code') ?? '';
    };
    expect((await redeem(server.base, await codeOf(), pkce().verifier)).status).toBe(400);
    const code = await codeOf();
    expect((await redeem(server.base, code, verifier)).status).toBe(200);
    expect((await redeem(server.base, code, verifier)).status).toBe(400);
  });
});

describe('a standalone launch', () => {
  it('asks for the patient, then gives a token for that chart with a banner needed', async () => {
    const { base } = server;
    const browser = new Browser();
    const { verifier, challenge } = pkce();
    const asked = await browser.follow(
      authorizeUrl(base, challenge, { scope: 'openid launch/patient patient/*.rs' }),
      `${base}/smart/`,
    );
    expect(asked.response.status).toBe(200);
    expect(await asked.response.text()).toContain('Amina Benali');

    const unknown = await browser.fetch(asked.url.href, {
      method: 'POST',
      body: new URLSearchParams({ patient: 'nobody' }),
    });
    expect(unknown.status).toBe(400);

    const chosen = await browser.fetch(asked.url.href, {
      method: 'POST',
      body: new URLSearchParams({ patient: 'amina-benali' }),
    });
    const { url } = await browser.follow(chosen.headers.get('location') ?? '', `${base}/smart/`);
    const token = await jsonOf(await redeem(base, url.searchParams.get('code') ?? '', verifier));
    expect(token).toMatchObject({ patient: 'amina-benali', need_patient_banner: true });
  });
});

describe('the announcement of a launch', () => {
  it.each([
    ['an unknown patient', { patient: 'nobody' }, 404],
    ['no patient', {}, 400],
    ['an appContext that is no text', { patient: 'claire-moreau', appContext: {} }, 400],
  ])('refuses %s', async (_what, body, status) => {
    const response = await fetch(`${server.base}/sandbox/launch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(status);
    expect((await jsonOf(response)).resourceType).toBe('OperationOutcome');
  });
});

describe('a launch that the public CDS Hooks Sandbox announces', () => {
  const announced = (body: unknown): Promise<Response> =>
    fetch(`${server.base}/sandbox/fhir/_services/smart/Launch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://sandbox.cds-hooks.org' },
      body: JSON.stringify(body),
    });

  it('gets an id with which the app can be opened, from any origin', async () => {
    const response = await announced({
      launchUrl: `${server.base}/smart/launch`,
      parameters: { patient: 'claire-moreau', appContext: '{"score":"sins"}' },
    });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    expect(await jsonOf(response)).toMatchObject({
      launch_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
    });
  });

  it.each([
    [{}, 400],
    [{ parameters: { patient: 'no-such-patient' } }, 404],
  ])('%j is refused', async (body, status) => {
    expect((await announced(body)).status).toBe(status);
  });
});
