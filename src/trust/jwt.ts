import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { CryptoKey, JWSHeaderParameters, JWTPayload, JWTVerifyOptions } from 'jose';
import type { Client } from './clients.js';
import { KeyUnavailable } from './keys.js';
import type { KeySource } from './keys.js';
import type { ReplayGuard } from './replay.js';

/** What is needed to know who calls. */
export interface CallToVerify {
  /** The header `Authorization` as it came. */
  readonly authorization: string | undefined;
  /** Public URL of the endpoint that is called; never built from the `Host` header (JWT-12). */
  readonly endpointUrl: string;
  /** The same as it was called, where that was with a slash at the end: then this is a right `aud` too (JWT-11). */
  readonly spelling?: string | undefined;
  readonly clients: readonly Client[];
  readonly keys: KeySource;
  readonly replay: ReplayGuard;
  readonly now: Date;
  /** Default 60. */
  readonly clockSkewSeconds?: number;
}

/**
 * A caller whose token holds, or why it does not. `why` is a fixed phrase for the log, free of the caller's
 * text, and never for the caller (JWT-18). `issuer` of a refusal is given when it is one of the clients file.
 */
export type Caller =
  | {
      readonly ok: true;
      readonly client: Client;
      readonly issuer: string;
      readonly tenant?: string;
      readonly jti: string;
    }
  | { readonly ok: false; readonly why: string; readonly issuer?: string };

interface OpenedToken {
  readonly text: string;
  readonly issuer: string;
  readonly jku: unknown;
  readonly kid: unknown;
}

interface Claims {
  readonly jti: string;
  readonly expiresAt: Date;
  readonly tenant: string | undefined;
}

type Judged<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

const LONGEST_TOKEN = 16_384;
const LONGEST_NAME = 512;
const DEFAULT_SKEW = 60;
const BEARER = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+) *$/i;

const refused = (why: string): { readonly ok: false; readonly why: string } => ({ ok: false, why });

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME;

/** Reads the token without believing it: only to find out whose keys must verify it. */
const open = (authorization: string | undefined): Judged<OpenedToken> => {
  if (authorization === undefined) return refused('no Authorization header');
  if (authorization.length > LONGEST_TOKEN) return refused('Authorization header too long');
  const text = BEARER.exec(authorization)?.[1];
  if (text === undefined) return refused('Authorization is not Bearer with a signed JWT');
  try {
    const { jku, kid } = decodeProtectedHeader(text);
    const { iss } = decodeJwt(text);
    if (!isName(iss)) return refused('iss missing');
    return { ok: true, value: { text, issuer: iss, jku, kid } };
  } catch {
    return refused('not a JWT');
  }
};

/** `jku` may only repeat what is configured, and chooses nothing: keys come from the clients file alone. */
const headerFault = ({ jku, kid }: OpenedToken, client: Client): string | undefined => {
  const configured = client.jwks.kind === 'url' ? client.jwks.url : client.jwks.jku;
  if (jku !== undefined && jku !== configured) return 'jku is not the configured one';
  return isName(kid) ? undefined : 'kid missing';
};

const verifiedClaims = async (
  token: OpenedToken,
  client: Client,
  { endpointUrl, spelling, keys, now, clockSkewSeconds = DEFAULT_SKEW }: CallToVerify,
): Promise<Judged<JWTPayload>> => {
  const options: JWTVerifyOptions = {
    algorithms: [...client.algorithms],
    audience: [endpointUrl, ...(spelling === undefined ? [] : [spelling]), ...client.audiences],
    clockTolerance: clockSkewSeconds,
    currentDate: now,
    issuer: client.issuer,
    maxTokenAge: client.maxTokenLifetime,
    requiredClaims: ['exp', 'iat', 'jti'],
    typ: 'JWT',
  };
  try {
    return { ok: true, value: await payloadOf(token.text, (header) => keys.keyFor(client, header), options) };
  } catch (error) {
    if (error instanceof KeyUnavailable) return refused(error.message);
    if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired) {
      return refused(`${error.claim} ${error.reason} (${error.code})`);
    }
    return refused(error instanceof errors.JOSEError ? error.code : 'not verifiable');
  }
};

type KeyFor = (header: JWSHeaderParameters) => Promise<CryptoKey>;

/** Keys of one `kid` that are tried at most: while an EHR changes its key, there are two. */
const mostKeysOfOneKid = 4;

/** The payload that one of the keys verifies: a key set may hold several of one `kid`. */
const payloadOf = async (text: string, keyFor: KeyFor, options: JWTVerifyOptions): Promise<JWTPayload> => {
  try {
    return (await jwtVerify(text, keyFor, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    let tried = 0;
    for await (const key of error) {
      if ((tried += 1) > mostKeysOfOneKid) break;
      try {
        return (await jwtVerify(text, key, options)).payload;
      } catch (fault) {
        if (!(fault instanceof errors.JWSSignatureVerificationFailed)) throw fault;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
};

/** The claims that jose leaves to us: whole seconds, lifetime, `jti` as text, tenant. */
const judgeClaims = (payload: JWTPayload, client: Client, skewSeconds: number): Judged<Claims> => {
  const { exp, iat, jti } = payload;
  if (!Number.isSafeInteger(exp) || exp === undefined) return refused('exp is not in whole seconds');
  if (!Number.isSafeInteger(iat) || iat === undefined) return refused('iat is not in whole seconds');
  if (exp <= iat) return refused('exp is not after iat');
  if (exp - iat > client.maxTokenLifetime) return refused('lifetime too long');
  if (!isName(jti)) return refused('jti is not a text');
  const tenant: unknown = payload['tenant'];
  if (tenant !== undefined && !isName(tenant)) return refused('tenant is not a text');
  if (client.tenants !== undefined && (tenant === undefined || !client.tenants.includes(tenant))) {
    return refused('tenant not allowed');
  }
  // Until the skew has passed too the token would be accepted again.
  return { ok: true, value: { jti, tenant, expiresAt: new Date((exp + skewSeconds) * 1000) } };
};

/**
 * Checks the JWT of a call (CDS Hooks 2.0.1, Trusting CDS Clients; JWT-2 to JWT-20): never rejects,
 * whatever the header holds. The token is marked as used last, so that only its owner can use it up.
 */
export const verifyCaller = async (call: CallToVerify): Promise<Caller> => {
  const opened = open(call.authorization);
  if (!opened.ok) return opened;
  const token = opened.value;
  const client = call.clients.find(({ issuer }) => issuer === token.issuer);
  if (client === undefined) return refused('iss not allowed');
  const { issuer } = client;

  const fault = headerFault(token, client);
  if (fault !== undefined) return { ok: false, why: fault, issuer };
  const verified = await verifiedClaims(token, client, call);
  if (!verified.ok) return { ...verified, issuer };
  const judged = judgeClaims(verified.value, client, call.clockSkewSeconds ?? DEFAULT_SKEW);
  if (!judged.ok) return { ...judged, issuer };

  const { jti, tenant, expiresAt } = judged.value;
  try {
    if (!(await call.replay.firstUse(issuer, jti, expiresAt)))
      return { ok: false, why: 'jti used before', issuer };
  } catch {
    return { ok: false, why: 'use of jti could not be recorded', issuer };
  }
  return { ok: true, client, issuer, jti, ...(tenant === undefined ? {} : { tenant }) };
};
