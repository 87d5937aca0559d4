/**
 * Characters that RFC 3986 has in no query although the URL parser leaves them there. Tomcat, on which many FHIR servers
 * run, answers 400 to a bare `|`, and every search by code holds one.
 */
const notInQuery = /[|\\^`{}[\]]/g;

/**
 * The absolute address of a FHIR request, only if it lies within the base: same origin, same path or below it,
 * no user info, no dots, no encoded separators. Everything else would carry the token elsewhere (PF-13, FHIR-11).
 * @param url relative to the base (`Observation?…`), or absolute
 * @param from what a relative `url` is relative to, when that is not the base (a redirect)
 */
export function withinBase(base: string, url: string, from?: URL): URL | undefined {
  const root = parseUrl(base.endsWith('/') ? base : `${base}/`);
  if (root === undefined || url === '' || isDevious(url)) return undefined;
  const target = parseUrl(url, from ?? root);
  if (target?.origin !== root.origin) return undefined;
  if (target.username !== '' || target.password !== '') return undefined;
  // HAPI's page links are the base itself with a query, without the slash.
  if (`${target.pathname}/` !== root.pathname && !target.pathname.startsWith(root.pathname)) return undefined;
  target.hash = '';
  target.search = target.search.replace(notInQuery, encodeURIComponent);
  return target;
}

/**
 * Whether the path of an address says something else to some server than to the URL parser: dots that lead out of a
 * folder, also with a parameter after them (`..;/`), encoded dots and separators, backslashes, and what parsers drop.
 * No server needs any of these in a page link.
 */
function isDevious(url: string): boolean {
  const [path = ''] = url.split(/[?#]/, 1);
  if (/[\\\s\p{Cc}]/u.test(path) || /%(?:2e|2f|5c|25|3b|3f|23|0\d|1\d)/i.test(path)) return true;
  return path.split('/').some((segment) => /^\.{1,2}(?:;|$)/.test(segment));
}

/** The URL, or undefined when it is none. */
export function parseUrl(url: string, from?: URL): URL | undefined {
  try {
    // Not URL.canParse: once optimised, Node 20's refuses host names with letters such as «ô».
    return new URL(url, from);
  } catch {
    return undefined;
  }
}
