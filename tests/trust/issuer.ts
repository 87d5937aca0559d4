import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import type { Client } from '../../src/trust/clients.js';

/** A key pair of an EHR, with the public part as its JWK Set has it. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

export const generateSigningKey = async (alg: string, kid: string): Promise<SigningKey> => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid } };
};

export const ISSUER = 'https://ehr.example.org';
export const ENDPOINT = 'https://cds.example.org/cds-services/antiresorptive-safety';
export const NOW = new Date('2026-11-21T09:00:00Z');
export const nowSeconds = NOW.getTime() / 1000;

let counter = 0;

/** The claims of a good token; `undefined` in `change` leaves a claim out. */
export const claimsOf = (change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  iss: ISSUER,
  aud: ENDPOINT,
  iat: nowSeconds,
  exp: nowSeconds + 300,
  jti: `token-${(counter += 1)}`,
  ...change,
});

/** `Authorization` of a call; `undefined` in `header` leaves a header field out. */
export const bearer = async (
  key: SigningKey,
  claims: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> => {
  const token = await new SignJWT(claimsOf(claims))
    .setProtectedHeader({ alg: key.alg, typ: 'JWT', kid: key.kid, ...header })
    .sign(key.privateKey);
  return `Bearer ${token}`;
};

export const clientOf = (change: Partial<Client> = {}): Client => ({
  name: 'Example Hospital',
  issuer: ISSUER,
  jwks: { kind: 'keys', keys: [], jku: undefined },
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
  ...change,
});

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A JWK Set endpoint on loopback that counts its requests and can be made to misbehave. */
export interface KeyEndpoint {
  readonly url: string;
  readonly requests: () => number;
  readonly publish: (...keys: readonly unknown[]) => void;
  readonly answerWith: (answer: Answer) => void;
  readonly close: () => Promise<void>;
}

export const startKeyEndpoint = async (...initial: readonly JWK[]): Promise<KeyEndpoint> => {
  let requests = 0;
  let answer: Answer;
  const publish = (...keys: readonly unknown[]): void => {
    answer = (response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
    };
  };
  publish(...initial);
  const server = createServer((request, response) => {
    requests += 1;
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/jwks.json`,
    requests: () => requests,
    publish,
    answerWith: (next) => {
      answer = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
};
