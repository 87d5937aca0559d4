import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bearer, generateSigningKey, ISSUER, type SigningKey } from '../tests/trust/issuer.js';

/** What the service, the bare app and the callers of a production bench share: one EHR, its keys, the address that tokens name. */
export interface Hospital {
  readonly clientsFile: string;
  readonly publicBaseUrl: string;
  /** The EHR's JWK Set, as JSON. */
  readonly keySet: string;
  /** `Authorization` of so many calls of an endpoint, each with a `jti` of its own, good for an hour. */
  tokens(algorithm: Algorithm, path: string, count: number): Promise<readonly string[]>;
}

export const algorithms = ['es384', 'rs384'] as const;
export type Algorithm = (typeof algorithms)[number];

const publicBaseUrl = 'https://cds.example.org';

export async function makeHospital(): Promise<Hospital> {
  const keys: Readonly<Record<Algorithm, SigningKey>> = {
    es384: await generateSigningKey('ES384', 'bench-es'),
    rs384: await generateSigningKey('RS384', 'bench-rs'),
  };
  const jwks = Object.values(keys).map(({ jwk, alg }) => ({ ...jwk, alg, use: 'sig' }));
  const clientsFile = join(mkdtempSync(join(tmpdir(), 'cds-bench-clients-')), 'clients.yaml');
  writeFileSync(
    clientsFile,
    JSON.stringify({ clients: [{ name: 'Bench', issuer: ISSUER, jwks: { keys: jwks } }] }),
  );
  return {
    clientsFile,
    publicBaseUrl,
    keySet: JSON.stringify({ keys: jwks }),
    tokens: (algorithm, path, count) => {
      const now = Math.floor(Date.now() / 1000);
      const claims = { aud: `${publicBaseUrl}${path}`, iat: now, exp: now + 3600 };
      return Promise.all(
        Array.from({ length: count }, () => bearer(keys[algorithm], { ...claims, jti: crypto.randomUUID() })),
      );
    },
  };
}
