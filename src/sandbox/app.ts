import { Router } from 'express';
import { builtFiles, builtLanguages, builtPage } from '../built-files.js';
import { loadDemoPatients, loadDemoStories } from './demo.js';
import { newEhrKey } from './ehr-key.js';
import type { FhirResource } from './fhir/resource.js';
import { sandboxFhirRouter } from './fhir/router.js';
import { sandboxStore } from './fhir/store.js';
import type { RegisteredClients } from './smart/authorization-server.js';
import { sandboxSmart } from './smart/router.js';
import { nameOf } from './patient-name.js';
import type { Traces } from './traces.js';

export { traceBook } from './traces.js';

/** How the sandbox is mounted, at the root of the site. */
export interface SandboxOptions {
  /** Public base URL without trailing slash; asked at each request, since the port may be free-chosen. */
  readonly baseUrl: () => string;
  /** Folder of the demo charts and their stories. */
  readonly demoPatients: string;
  readonly clients: RegisteredClients;
  /** Folder of the built EHR page. */
  readonly pageFolder: string;
  readonly clock: () => Date;
  /** The stages of the last hook calls, for the page to show. */
  readonly traces?: Traces;
  /** Forgets what the services remember of these patients: when the demo data are put back, what was declined is too. */
  readonly forget?: (patients: readonly string[]) => Promise<void>;
  /** Lifetimes of access tokens and of authorization codes, seconds; default 3600 and 60. */
  readonly accessTokenSeconds?: number;
  readonly codeSeconds?: number;
}

/** What a clients file would say of the sandbox EHR. */
export interface SandboxEhr {
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly fhirServer: string;
}

/** The sandbox EHR as a CDS client: what to trust in development so that its signed calls are verified. */
export function sandboxEhr(baseUrl: string): SandboxEhr {
  return {
    issuer: `${baseUrl}/sandbox/ehr`,
    jwksUrl: `${baseUrl}/sandbox/ehr/jwks.json`,
    fhirServer: `${baseUrl}/sandbox/fhir`,
  };
}

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The day where the sandbox stands, as the clinic's calendar has it: not that of UTC. */
function civilDate(now: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

const loopbackNames: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Where a page asked for under another name of this machine has to go: a launch crosses origins otherwise, and the
 * browser keeps the login cookie from the frame.
 */
function canonicalPage(host: string | undefined, baseUrl: string): string | undefined {
  const base = new URL(baseUrl);
  const asked = URL.canParse(`http://${host ?? ''}`) ? new URL(`http://${host ?? ''}`) : base;
  const bothHere = loopbackNames.has(asked.hostname) && loopbackNames.has(base.hostname);
  return bothHere && asked.port === base.port && asked.hostname !== base.hostname ? `${baseUrl}/` : undefined;
}

/**
 * Everything that exists in development only: FHIR server with demo patients, SMART authorization server, and the page
 * that plays the EHR at `/`. Mount it at the root, before any body parser.
 */
export function sandboxRouter(options: SandboxOptions): Router {
  const { baseUrl, clients, demoPatients, pageFolder, clock, traces, forget } = options;
  const { accessTokenSeconds, codeSeconds } = options;
  const charts = (): readonly FhirResource[] => loadDemoPatients(demoPatients, civilDate(clock()));
  const store = sandboxStore(charts());
  const stories = loadDemoStories(demoPatients);
  const key = newEhrKey();
  const smart = sandboxSmart({
    baseUrl,
    clients,
    store,
    ...(accessTokenSeconds !== undefined && { accessTokenSeconds }),
    ...(codeSeconds !== undefined && { codeSeconds }),
  });

  const router = Router();
  router.use(smart.router);
  router.use(
    '/sandbox/fhir',
    sandboxFhirRouter(store, {
      baseUrl: () => sandboxEhr(baseUrl()).fhirServer,
      authorize: smart.authorize,
      now: clock,
    }),
  );
  router.get('/sandbox/stories.json', (_request, response) => {
    const named = stories.map((story) => ({
      ...story,
      name: nameOf(store.read('Patient', story.patient)),
    }));
    response.json({ baseUrl: baseUrl(), stories: named });
  });
  router.post('/sandbox/reset', async (_request, response) => {
    await forget?.(store.search('Patient', []).matches.map(({ id }) => id));
    store.transaction(() => {
      store.refill(charts());
    });
    response.status(204).end();
  });
  router.get('/sandbox/traces/:id', (request, response) => {
    const trace = traces?.get(request.params.id);
    response.set('Cache-Control', 'no-store');
    if (trace === undefined) response.status(404).end();
    else response.json(trace);
  });
  router.get('/sandbox/ehr-key.json', async (_request, response) => {
    const { issuer, jwksUrl } = sandboxEhr(baseUrl());
    response.set('Cache-Control', 'no-store').json({ issuer, jku: jwksUrl, key: (await key).privateKey });
  });
  router.get('/sandbox/ehr/jwks.json', async (_request, response) => {
    response.json({ keys: [(await key).publicKey] });
  });
  const languages = builtLanguages(pageFolder);
  router.get('/', (request, response, next) => {
    const canonical = canonicalPage(request.get('host'), baseUrl());
    if (canonical !== undefined) {
      response.redirect(302, canonical);
      return;
    }
    // The page in the reader's language before any script has come.
    response.vary('Accept-Language');
    const language = request.acceptsLanguages([...languages]);
    if (typeof language === 'string') request.url = builtPage('index', language);
    next();
  });
  router.use(
    builtFiles(pageFolder, {
      'Content-Security-Policy': contentSecurityPolicy,
      'X-Content-Type-Options': 'nosniff',
    }),
  );
  return router;
}
