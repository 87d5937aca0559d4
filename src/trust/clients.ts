import type { Language } from '../knowledge/types.js';
import { Ajv } from 'ajv';
import type { JWK } from 'jose';
import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { CLIENTS_SCHEMA } from './clients-schema.js';
import type { SIGNATURE_ALGORITHMS } from './clients-schema.js';
import { findingOf, problemOf } from './clients-problems.js';
import type { ClientsProblem, Finding, Path } from './clients-problems.js';
import { originOf, urlProblem } from './client-urls.js';
import { isObject } from '../json.js';

export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];

/** Where the public keys of a client are: its own list, or the URL that publishes them. */
export type KeySetLocation =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'keys'; readonly keys: readonly JWK[]; readonly jku: string | undefined };

/** An EHR that is trusted, with the defaults filled in. */
export interface Client {
  readonly name: string;
  /** `iss` of its tokens, compared as it is: an opaque key, not necessarily the EHR's host (JWT-23). */
  readonly issuer: string;
  readonly jwks: KeySetLocation;
  readonly algorithms: readonly SignatureAlgorithm[];
  /** Allowed `tenant` claims; undefined = the claim is not looked at. */
  readonly tenants: readonly string[] | undefined;
  /** Accepted as `aud` besides the URL of the endpoint. */
  readonly audiences: readonly string[];
  /** Seconds between `iat` and `exp`. */
  readonly maxTokenLifetime: number;
  readonly fhirServers: readonly string[];
  /** Origins of the token endpoints that the SMART app needs besides those of `fhirServers`. */
  readonly authorizationServers: readonly string[];
  readonly corsOrigins: readonly string[];
  readonly frameAncestors: readonly string[];
  readonly language: Language | undefined;
  /** Sums of scores as Markdown tables in the detail of cards. */
  readonly tables?: boolean;
  /** Resource types that this EHR keeps elsewhere: never asked for; absent where it keeps all. */
  readonly notKept?: readonly string[];
  /** Code systems in which this EHR writes its orders: only to tell at start which rules they cannot reach. */
  readonly codeSystems?: readonly string[];
  /** Whether in discovery each hook of a service has an id of its own. */
  readonly distinctServiceIds?: boolean;
  /** It tries the service out: it is answered without cards, and all is recorded as if it had shown them. */
  readonly shadow: boolean;
  /** Told again what its users were shown before; only the sandbox is, where charts are opened to be looked at. */
  readonly saysAgain?: boolean;
}

export type ClientsResult =
  | {
      readonly ok: true;
      readonly clients: readonly Client[];
      /** What is allowed, and seldom meant. */
      readonly warnings: readonly ClientsProblem[];
    }
  | { readonly ok: false; readonly problems: readonly ClientsProblem[] };

interface WrittenClient extends Partial<Omit<Client, 'jwks' | 'saysAgain'>> {
  readonly name: string;
  readonly issuer: string;
  readonly jwks: { readonly url?: string; readonly keys?: readonly JWK[] };
}

const LARGEST_FILE = 1024 ** 2;
const DEFAULT_ALGORITHMS: readonly SignatureAlgorithm[] = ['ES384', 'RS384'];
const DEFAULT_LIFETIME = 3600;
const URL_LISTS = ['fhirServers', 'authorizationServers', 'corsOrigins', 'frameAncestors'] as const;

const ajv = new Ajv({ allErrors: true });
const isClientsFile = ajv.compile<{ readonly clients: readonly WrittenClient[] }>(CLIENTS_SCHEMA);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What the schema has refused already is not said twice. */
const isUrl = (value: unknown): value is string =>
  typeof value === 'string' && /^https?:\/\/\S+$/.test(value);

type Written = Readonly<Record<string, unknown>>;

const clientFindings = (client: Written, index: number, production: boolean): readonly Finding[] => {
  const at = (...rest: Path): Path => ['clients', index, ...rest];
  const findings: Finding[] = [];
  const jwks = isObject(client['jwks']) ? client['jwks'] : {};
  // Two keys may share a `kid` while an EHR changes its key; the same one twice is a slip.
  const written = listOf(jwks['keys']).map((key) => JSON.stringify(key));
  written.forEach((key, position) => {
    if (written.indexOf(key) === position) return;
    findings.push({ path: at('jwks', 'keys', position, 'kid'), expected: 'a kid of its own' });
  });
  const jwksProblem = isUrl(jwks['url']) ? urlProblem('jwks', jwks['url'], production) : undefined;
  if (jwksProblem !== undefined) findings.push({ path: at('jwks', 'url'), expected: jwksProblem });
  for (const list of URL_LISTS) {
    listOf(client[list]).forEach((url, position) => {
      const expected = isUrl(url) ? urlProblem(list, url, production) : undefined;
      if (expected !== undefined) findings.push({ path: at(list, position), expected });
    });
  }
  return findings;
};

/** What no schema can say, also of clients that are not well formed: all that is unsafe is listed at once. */
const contentFindings = (content: unknown, production: boolean): readonly Finding[] => {
  const clients = isObject(content) ? listOf(content['clients']) : [];
  const findings: Finding[] = [];
  const owners = new Map<unknown, number>();
  clients.forEach((client, index) => {
    if (!isObject(client)) return;
    findings.push(...clientFindings(client, index, production));
    const { issuer } = client;
    const owner = owners.get(issuer);
    owners.set(issuer, owner ?? index);
    if (issuer === undefined || owner === undefined) return;
    const expected = `an issuer of its own (clients[${owner}] has the same)`;
    findings.push({ path: ['clients', index, 'issuer'], expected });
  });
  if (production && clients.length === 0) {
    findings.push({ path: ['clients'], expected: 'in production, at least one client' });
  }
  return findings;
};

/** The public part of a key that makes it one: without it, no token can be verified by it. */
const publicPart: ReadonlyMap<unknown, string> = new Map([
  ['EC', 'x'],
  ['OKP', 'x'],
  ['RSA', 'n'],
]);

/** What a clients file may hold although it is hardly meant: it is said once, and nothing is refused. */
const doubtsOf = (clients: readonly WrittenClient[]): readonly Finding[] => {
  const owners = new Map<string, number>();
  return clients.flatMap((client, index) => {
    const at = (...rest: Path): Path => ['clients', index, ...rest];
    const wide = (client.frameAncestors ?? []).flatMap((ancestor, position) =>
      ancestor.includes('*')
        ? [
            {
              path: at('frameAncestors', position),
              expected: 'one origin: with a wildcard every page below that domain may frame the app',
            },
          ]
        : [],
    );
    const keys = (client.jwks.keys ?? []).flatMap((key, position): readonly Finding[] => {
      const part = publicPart.get(key.kty) ?? 'x';
      const written = (key as Written)[part];
      const path = at('jwks', 'keys', position);
      if (typeof written !== 'string') {
        return [{ path, expected: `a key with ${part}: no token can be verified by this one` }];
      }
      const owner = owners.get(written);
      owners.set(written, owner ?? index);
      return owner === undefined || owner === index
        ? []
        : [
            {
              path,
              expected: `a key of its own: clients[${owner}] has the same, and each can speak for the other`,
            },
          ];
    });
    return [...wide, ...keys];
  });
};

const keySetOf = ({ url, keys }: WrittenClient['jwks']): KeySetLocation =>
  keys === undefined ? { kind: 'url', url: url ?? '' } : { kind: 'keys', keys, jku: url };

const clientOf = (written: WrittenClient): Client =>
  Object.freeze({
    name: written.name,
    issuer: written.issuer,
    jwks: keySetOf(written.jwks),
    algorithms: written.algorithms ?? DEFAULT_ALGORITHMS,
    tenants: written.tenants,
    audiences: written.audiences ?? [],
    maxTokenLifetime: written.maxTokenLifetime ?? DEFAULT_LIFETIME,
    fhirServers: written.fhirServers ?? [],
    authorizationServers: (written.authorizationServers ?? []).map(originOf),
    corsOrigins: (written.corsOrigins ?? []).map(originOf),
    frameAncestors: (written.frameAncestors ?? []).map(originOf),
    language: written.language,
    ...(written.tables === true && { tables: true }),
    ...(written.notKept !== undefined && { notKept: written.notKept }),
    ...(written.codeSystems !== undefined && { codeSystems: written.codeSystems }),
    ...(written.distinctServiceIds !== undefined && { distinctServiceIds: written.distinctServiceIds }),
    shadow: written.shadow ?? false,
  });

/** A YAML alias bomb makes the conversion throw. */
const contentOf = (document: Document): unknown => {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
};

/**
 * Reads the text of a clients file. All problems are given at once, each with its line; values are never
 * repeated in a problem. In production every URL must be safe, and at least one client must be there.
 */
export const readClients = (text: string, production: boolean): ClientsResult => {
  if (text.length > LARGEST_FILE) {
    return { ok: false, problems: [{ line: 0, path: '', expected: 'a file of at most 1 MB' }] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, code }) => ({
      line: lines.linePos(pos[0]).line,
      path: '',
      expected: `valid YAML (${code})`,
    }));
    return { ok: false, problems };
  }
  const content = contentOf(document);
  const wellFormed = isClientsFile(content);
  const shapeFindings = wellFormed ? [] : (isClientsFile.errors ?? []).map(findingOf);
  const findings = [...shapeFindings, ...contentFindings(content, production)];
  if (wellFormed && findings.length === 0) {
    const warnings = doubtsOf(content.clients).map((doubt) => problemOf(doubt, document, lines));
    return { ok: true, clients: Object.freeze(content.clients.map(clientOf)), warnings };
  }
  const problems = findings.map((finding) => problemOf(finding, document, lines));
  return { ok: false, problems: problems.sort((a, b) => a.line - b.line) };
};
