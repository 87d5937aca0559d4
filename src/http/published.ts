import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { Bundle } from 'fhir/r4.js';
import type { Problem } from '../cds-hooks/outcome.js';
import type { Language } from '../knowledge/types.js';
import { capabilityStatement } from '../publish/capability-statement.js';
import { publishedTypes, type PublishedType } from '../publish/canonical.js';
import { extract } from '../publish/extract.js';
import { publish, type Published, type PublishedResource } from '../publish/publish.js';
import { jsonBody } from './body.js';
import { callerOf } from './caller.js';
import { gate } from './gate.js';
import { civilDate, type Deployment } from './deployment.js';
import { errorHandler, problem, refuse } from './errors.js';
import { languageOf } from './language.js';
import { sendTagged } from './tagged.js';

/** Seconds for which a cache may keep the knowledge without asking again. */
const freshSeconds = 300;

/** `/fhir`: the knowledge, open to everybody, and the extraction of filled forms, for who may call hooks. */
export function published(deployment: Deployment): Router {
  const { config, prepared, clock } = deployment;
  const edition = config.guidelineEdition;
  // Made when first asked for: most instances are asked in one language, and a start need not wait for it.
  const tables = new Map<Language, Published>();
  const tableIn = (language: Language): Published => {
    const made = tables.get(language) ?? publish(prepared.knowledge, { edition, language });
    tables.set(language, made);
    return made;
  };
  const lists = new Map<Published[PublishedType], string>();
  const fhirBase = (): string => `${deployment.baseUrl()}/fhir`;
  const since = civilDate(clock());
  const router = Router();
  const tableFor = (request: Request, response: Response): Published => {
    const language = languageOf(request, config.defaultLanguage);
    response.set('Content-Language', language).vary('Accept-Language');
    return tableIn(language);
  };

  router
    .route('/metadata')
    .get((request, response) => {
      sendKnowledge(request, response, capabilityStatement(fhirBase(), since));
    })
    .all(readOnly);
  for (const type of publishedTypes) {
    router
      .route(`/${type}`)
      .get((request, response) => {
        const table = tableFor(request, response)[type];
        const filters = filtersOf(request);
        if (filters.size > 0) {
          sendKnowledge(request, response, searchset(table, type, filters, fhirBase()));
          return;
        }
        // Whole lists are long, and always the same: they are written once.
        const whole = lists.get(table) ?? JSON.stringify(searchset(table, type, filters, fhirBase()));
        lists.set(table, whole);
        sendWritten(request, response, whole);
      })
      .all(readOnly);
    router
      .route(`/${type}/:id`)
      .get((request, response) => {
        const resource = tableFor(request, response)[type].get(request.params.id);
        if (resource === undefined) {
          refuseFhir(response, [problem('NOT_FOUND', '', `no ${type} of this id is published`)]);
        } else sendKnowledge(request, response, resource);
      })
      .all(readOnly);
  }
  router
    .route('/QuestionnaireResponse/$extract')
    .post(...gate(deployment), ...jsonBody(config.bodyLimitBytes), extraction(deployment))
    .all(only('POST', 'OPTIONS'));
  router.use((_request, response) => {
    refuseFhir(response, [problem('NOT_FOUND', '', 'nothing is published at this path; see metadata')]);
  });
  router.use(errorHandler(deployment.log));
  return router;
}

/** `POST /fhir/QuestionnaireResponse/$extract` (SDC form data extraction). */
function extraction({ prepared, config, newId, baseUrl }: Deployment): RequestHandler {
  const { scores, phrases, canonicalBase } = prepared.knowledge;
  return (request, response) => {
    const language = languageOf(request, callerOf(request).client?.language ?? config.defaultLanguage);
    const extracted = extract(request.body, {
      scores,
      phrases,
      canonicalBase,
      language,
      newId,
      publishedAt: `${baseUrl()}/fhir`,
    });
    if (!extracted.ok) {
      refuseFhir(response, extracted.problems);
      return;
    }
    response.set('Content-Language', language).vary('Accept-Language');
    response.type('application/fhir+json').send(JSON.stringify(extracted.bundle));
  };
}

/** Where each search parameter looks; `url` with `version` is how a canonical reference is resolved. */
const searched: Readonly<Record<string, (resource: PublishedResource) => string | undefined>> = {
  url: ({ url }) => url,
  version: ({ version }) => version,
  _id: ({ id }) => id,
};

/** The search parameters that are known; others are left out, and the `self` link shows so. */
function filtersOf(request: Request): URLSearchParams {
  const asked = new URLSearchParams(request.originalUrl.split('?')[1] ?? '');
  return new URLSearchParams([...asked].filter(([name]) => Object.hasOwn(searched, name)));
}

function searchset(
  table: Published[PublishedType],
  type: PublishedType,
  filters: URLSearchParams,
  fhirBase: string,
): Bundle {
  const found = [...table.values()].filter((resource) =>
    [...filters].every(([name, value]) => value.split(',').includes(searched[name]?.(resource) ?? '')),
  );
  const query = filters.size === 0 ? '' : `?${filters.toString()}`;
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    total: found.length,
    link: [{ relation: 'self', url: `${fhirBase}/${type}${query}` }],
    ...(found.length > 0 && {
      entry: found.map((resource) => ({
        fullUrl: `${fhirBase}/${type}/${resource.id ?? ''}`,
        resource,
        search: { mode: 'match' },
      })),
    }),
  };
}

/** Public and the same for everybody who asks for this language. */
function sendWritten(request: Request, response: Response, body: string): void {
  response.set('Cache-Control', `public, max-age=${freshSeconds}`).type('application/fhir+json');
  sendTagged(request, response, body);
}

function sendKnowledge(request: Request, response: Response, resource: object): void {
  sendWritten(request, response, JSON.stringify(resource));
}

function refuseFhir(response: Response, problems: readonly Problem[]): void {
  refuse(response, problems, 'application/fhir+json');
}

function only(...methods: readonly string[]): RequestHandler {
  return (request, response) => {
    response.set('Allow', methods.join(', '));
    if (request.method === 'OPTIONS') response.status(204).end();
    else
      refuseFhir(response, [problem('METHOD_NOT_ALLOWED', '', `this path takes ${methods.join(' and ')}`)]);
  };
}

const readOnly = only('GET', 'HEAD', 'OPTIONS');
