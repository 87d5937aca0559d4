import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** The key with which the sandbox EHR signs its calls (CDS Hooks, Trusting CDS Clients). */
export interface EhrKey {
  readonly privateKey: JWK;
  readonly publicKey: JWK;
}

/**
 * A new ES384 key, one per process. The page gets the private half, because it plays the EHR's server: nobody may
 * trust the sandbox's issuer outside development.
 */
export async function newEhrKey(): Promise<EhrKey> {
  const pair = await generateKeyPair('ES384', { extractable: true });
  const named = { kid: randomUUID(), alg: 'ES384' };
  const [privateKey, publicKey] = await Promise.all([exportJWK(pair.privateKey), exportJWK(pair.publicKey)]);
  return { privateKey: { ...privateKey, ...named }, publicKey: { ...publicKey, ...named, use: 'sig' } };
}
