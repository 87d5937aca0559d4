import { parseUrl } from './within-base.js';

export type FhirServerPolicy = {
  readonly production: boolean;
  /** Base URLs that the operator has listed for this caller. */
  readonly allowed: readonly string[];
};

export type FhirServerRefusal =
  'malformed' | 'scheme' | 'userinfo' | 'query' | 'fragment' | 'spelling' | 'not-https' | 'not-listed';

export type FhirServerVerdict =
  { readonly ok: true; readonly base: string } | { readonly ok: false; readonly reason: FhirServerRefusal };

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Whether a `fhirServer` may be called (FHIR-11). A base is allowed when it equals a listed one;
 * outside production the loopback interface is allowed beside the list. The URL must be spelt the way it will be
 * called: `http://2130706433` or `https://ehr%2eexample.org` are refused rather than understood.
 * @returns the base without trailing slash, or a stable reason
 */
export function allowFhirServer(url: string, policy: FhirServerPolicy): FhirServerVerdict {
  const parsed = parse(url);
  if (parsed === undefined) return { ok: false, reason: 'malformed' };
  const base = `${parsed.origin}${withoutSlash(parsed.pathname)}`;
  const refusal = refusalOfForm(url, parsed) ?? refusalOfScheme(parsed, policy);
  if (refusal !== undefined) return { ok: false, reason: refusal };

  const listed = policy.allowed.map(withoutSlash);
  if (listed.includes(withoutSlash(url))) return { ok: true, base };
  if (spelling(url) !== base) return { ok: false, reason: 'spelling' };
  if (listed.some((entry) => isSameBase(entry, base))) return { ok: true, base };
  if (!policy.production && LOOPBACK.has(parsed.hostname)) return { ok: true, base };
  return { ok: false, reason: 'not-listed' };
}

function parse(url: string): URL | undefined {
  // The URL parser drops white space and control characters, and reads a backslash as a slash.
  if (/[\s\p{Cc}\\]/u.test(url)) return undefined;
  return parseUrl(url);
}

function refusalOfForm(url: string, parsed: URL): FhirServerRefusal | undefined {
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return 'scheme';
  if (/^[^/?#]*\/\/[^/?#]*@/.test(url)) return 'userinfo';
  if (url.includes('#')) return 'fragment';
  if (url.includes('?')) return 'query';
  return undefined;
}

function refusalOfScheme(parsed: URL, policy: FhirServerPolicy): FhirServerRefusal | undefined {
  return policy.production && parsed.protocol !== 'https:' ? 'not-https' : undefined;
}

/** The URL as written, but for what never distinguishes two servers: case of scheme and host, the default port, one slash. */
function spelling(url: string): string {
  const [, authority = '', path = ''] = /^([^/]*\/\/[^/]*)(\/.*)?$/.exec(url) ?? [];
  const origin = authority
    .toLowerCase()
    .replace(/^(https:.*):443$/, '$1')
    .replace(/^(http:.*):80$/, '$1');
  return `${origin}${withoutSlash(path)}`;
}

function isSameBase(entry: string, base: string): boolean {
  const listed = parse(entry);
  return listed !== undefined && `${listed.origin}${withoutSlash(listed.pathname)}` === base;
}

function withoutSlash(text: string): string {
  return text.endsWith('/') ? text.slice(0, -1) : text;
}
