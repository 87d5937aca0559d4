import { createHash, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { sandboxRouter, type SandboxOptions } from '../../src/sandbox/app.js';

export interface Sandbox {
  readonly base: string;
  readonly close: () => void;
}

/** The whole sandbox on a port of its own. */
export async function sandbox(
  options: Partial<Pick<SandboxOptions, 'accessTokenSeconds' | 'codeSeconds'>> = {},
): Promise<Sandbox> {
  const app = express();
  let base = '';
  app.use(
    sandboxRouter({
      clients: { smartApp: 'bone-metastasis-smart', service: 'bone-metastasis-cds' },
      ...options,
      baseUrl: () => base,
      demoPatients: 'fixtures/patients/demo',
      pageFolder: 'dist/sandbox-page',
      clock: () => new Date(),
    }),
  );
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address() as AddressInfo;
  base = `http://127.0.0.1:${address.port}`;
  return {
    base,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export type Json = Readonly<Record<string, unknown>>;

export async function jsonOf(response: Response): Promise<Json> {
  const body: unknown = await response.json();
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

/** What a browser does: keeps cookies, follows redirects by hand so that a test sees each one. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  /** Follows redirects until the app's redirect URI or an answer that is no redirect. */
  async follow(url: string, stopAt: string): Promise<{ readonly url: URL; readonly response: Response }> {
    let next = url;
    for (let hops = 0; hops < 10; hops += 1) {
      const response = await this.fetch(next);
      const location = response.headers.get('location');
      if (location === null) return { url: new URL(next), response };
      next = new URL(location, next).href;
      if (next.startsWith(stopAt)) return { url: new URL(next), response };
    }
    throw new Error('redirects for ever');
  }
}

export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}

export function pkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** The authorization request of the SMART app; `changes` with `undefined` takes a parameter out. */
export function authorizeUrl(
  base: string,
  challenge: string,
  changes: Readonly<Record<string, string | undefined>> = {},
): string {
  const parameters = {
    response_type: 'code',
    client_id: 'bone-metastasis-smart',
    redirect_uri: `${base}/smart/`,
    scope: 'openid fhirUser launch patient/*.rs patient/Observation.cu',
    state: 'a-state',
    aud: `${base}/sandbox/fhir`,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...changes,
  };
  const query = new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]: [string, string | undefined]) =>
      value === undefined ? [] : [[name, value] satisfies [string, string]],
    ),
  );
  return `${base}/sandbox/auth/auth?${query.toString()}`;
}

export function redeem(base: string, code: string, verifier: string): Promise<Response> {
  return fetch(`${base}/sandbox/auth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'bone-metastasis-smart',
      redirect_uri: `${base}/smart/`,
      code,
      code_verifier: verifier,
    }),
  });
}

export async function announce(base: string, context: Json): Promise<string> {
  const response = await fetch(`${base}/sandbox/launch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(context),
  });
  return String((await jsonOf(response)).launch);
}

/** A whole EHR launch; the token response. */
export async function launched(
  base: string,
  context: Json,
  changes: Readonly<Record<string, string | undefined>> = {},
  browser = new Browser(),
): Promise<Json> {
  const { verifier, challenge } = pkce();
  const launch = await announce(base, context);
  const { url } = await browser.follow(
    authorizeUrl(base, challenge, { launch, ...changes }),
    `${base}/smart/`,
  );
  const code = url.searchParams.get('code');
  if (code === null) throw new Error(`no code: ${url.href}`);
  return jsonOf(await redeem(base, code, verifier));
}
