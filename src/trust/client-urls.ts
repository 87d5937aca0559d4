/** What a URL of the clients file is for: each use has its own rule. */
export type UrlUse = 'jwks' | 'fhirServers' | 'authorizationServers' | 'corsOrigins' | 'frameAncestors';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** One wildcard label, as the CSP directive frame-ancestors allows it. */
const WILDCARD = /^(https?:\/\/)\*\.(?=[^.*])/;

/** The name may not hold what ends a CSP source or a header: quotes, commas, semicolons, spaces, wildcards. */
const PLAIN = /^[\w.:/[\]~%@?#&=+-]+$/;

const withoutWildcard = (url: string): string => url.replace(WILDCARD, '$1any.');

/**
 * What is wrong with a URL of the clients file, as the sentence that says what is expected; undefined when
 * nothing is. Production allows clear text only where nothing leaves the machine, and never to a FHIR server.
 */
export const urlProblem = (use: UrlUse, text: string, production: boolean): string | undefined => {
  const plain = use === 'frameAncestors' ? withoutWildcard(text) : text;
  if (!PLAIN.test(plain) || !URL.canParse(plain)) return 'an absolute http(s) URL';
  const url = new URL(plain);
  if (url.username !== '' || url.password !== '' || text.includes('@')) return 'a URL without a user';
  if (use !== 'jwks' && /[?#]/.test(text)) return 'a URL without query and fragment';
  const isOrigin = use !== 'jwks' && use !== 'fhirServers';
  if (isOrigin && url.pathname !== '/') return 'an origin: scheme, host and port only';
  if (!production || url.protocol === 'https:') return undefined;
  if (use !== 'fhirServers' && LOOPBACK.test(url.hostname)) return undefined;
  return 'in production, a URL that starts with https://';
};

/** The origin as a browser sends it: lower case, without default port and path. The wildcard is kept. */
export const originOf = (text: string): string => {
  const { origin } = new URL(withoutWildcard(text));
  return WILDCARD.test(text) ? origin.replace('://any.', '://*.') : origin;
};
