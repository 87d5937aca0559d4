import { jsonOf, textOf } from './json.js';
import { isObject } from '../../json.js';

/** Makes the `Authorization` header of one call; `audience` is the exact URL that is called. */
export type Signer = (audience: string) => Promise<string>;

const lifetime = 300;

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replaceAll('=', '');
}

function encoded(part: unknown): string {
  return base64url(new TextEncoder().encode(JSON.stringify(part)));
}

function isPrivateKey(value: unknown): value is JsonWebKey & { readonly kid: string } {
  return isObject(value) && typeof value.kid === 'string' && typeof value.d === 'string';
}

/** The sandbox EHR's signature: an ES384 JWT per call, as CDS Hooks wants it (Trusting CDS Clients). */
export async function loadSigner(): Promise<Signer> {
  const answer = await jsonOf(await fetch('/sandbox/ehr-key.json'));
  const { issuer, jku, key } = isObject(answer) ? answer : {};
  const [iss, keysUrl] = [textOf(issuer), textOf(jku)];
  if (iss === undefined || keysUrl === undefined || !isPrivateKey(key))
    throw new Error('the key is not usable');
  const curve = { name: 'ECDSA', namedCurve: 'P-384' };
  const { kid, ...material } = key;
  const privateKey = await crypto.subtle.importKey('jwk', material, curve, false, ['sign']);

  return async (audience) => {
    const issuedAt = Math.floor(Date.now() / 1000);
    const header = { alg: 'ES384', typ: 'JWT', kid, jku: keysUrl };
    const claims = { iss, aud: audience, iat: issuedAt, exp: issuedAt + lifetime, jti: crypto.randomUUID() };
    const signed = `${encoded(header)}.${encoded(claims)}`;
    const signature = await crypto.subtle.sign(
      { name: 'ECDSA', hash: 'SHA-384' },
      privateKey,
      new TextEncoder().encode(signed),
    );
    return `Bearer ${signed}.${base64url(new Uint8Array(signature))}`;
  };
}
