import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { Bundle } from 'fhir/r4.js';
import type { Problem } from '../cds-hooks/outcome.js';
import type { Language } from '../knowledge/types.js';
import { capabilityStatement } from '../publish/capability-statement.js';
import { publishedTypes, type PublishedType } from '../publish/canonical.js';
import { extract } from '../publish/extract.js';
import { publish, type Published, type PublishedResource } from '../publish/publish.js';
import type { CallSubject } from './audit.js';
import { callerOf } from './caller.js';
import { gateWithBody } from './gate.js';
import { civilDate, type Deployment } from './deployment.js';
import { errorHandler, problem, refuse } from './errors.js';
import { languageOf } from './language.js';
import { sendWritten, written, type Written } from './tagged.js';
import { isObject } from '../json.js';

/** Seconds for which a cache may keep the knowledge without asking again. */
const freshSeconds = 300;

/** `/fhir`: the knowledge, open to everybody. What is sent again and again is serialised, hashed and compressed once. */
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
  const bodies = new WeakMap<object, Written>();
  const bodyOf = (source: object, content: () => object): Written => {
    const made = bodies.get(source) ?? written(JSON.stringify(content()));
    bodies.set(source, made);
    return made;
  };
  const fhirBase = (): string => `${deployment.baseUrl()}/fhir`;
  const since = civilDate(clock());
  const router = Router();
  const tableFor = (request: Request, response: Response): Published => {
    const language = languageOf(request, prepared.knowledge, config.defaultLanguage);
    response.set('Content-Language', language).vary('Accept-Language');
    return tableIn(language);
  };

  let statement: Written | undefined;
  router
    .route('/metadata')
    .get(async (request, response) => {
      statement ??= written(
        JSON.stringify(capabilityStatement(prepared.knowledge.guideline, fhirBase(), since)),
      );
      await sendKnowledge(request, response, statement);
    })
    .all(readOnly);
  for (const type of publishedTypes) {
    router
      .route(`/${type}`)
      .get(async (request, response) => {
        const table = tableFor(request, response)[type];
        const filters = filtersOf(request);
        const list = (): Bundle => searchset(table, type, filters, fhirBase());
        await sendKnowledge(
          request,
          response,
          filters.size > 0 ? written(JSON.stringify(list())) : bodyOf(table, list),
        );
      })
      .all(readOnly);
    router
      .route(`/${type}/:id`)
      .get(async (request, response) => {
        const resource = tableFor(request, response)[type].get(request.params.id);
        if (resource === undefined) {
          refuseFhir(response, [problem('NOT_FOUND', '', `no ${type} of this id is published`)]);
        } else
          await sendKnowledge(
            request,
            response,
            bodyOf(resource, () => resource),
          );
      })
      .all(readOnly);
  }
  router.use((_request, response) => {
    refuseFhir(response, [problem('NOT_FOUND', '', 'nothing is published at this path; see metadata')]);
  });
  router.use(errorHandler(deployment.log));
  return router;
}

/** `/fhir/QuestionnaireResponse/$extract`, for who may call hooks. */
export function extraction(deployment: Deployment): Router {
  const router = Router();
  router
    .route('/QuestionnaireResponse/$extract')
    .post(deployment.audit.watch('extract'), ...gateWithBody(deployment), extractForm(deployment))
    .all(only('POST', 'OPTIONS'));
  router.use(errorHandler(deployment.log));
  return router;
}

/** `POST /fhir/QuestionnaireResponse/$extract` (SDC form data extraction). */
function extractForm({ prepared, config, newId, baseUrl, audit }: Deployment): RequestHandler {
  const { scores, phrases, canonicalBase, shippedBase } = prepared.knowledge;
  return (request, response) => {
    audit.about(request, subjectOfForm(request.body));
    const language = languageOf(
      request,
      prepared.knowledge,
      callerOf(request).client?.language ?? config.defaultLanguage,
    );
    const extracted = extract(request.body, {
      scores,
      phrases,
      canonicalBase,
      shippedBase,
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

/** Whom a filled form is about, and who filled it in. */
function subjectOfForm(form: unknown): CallSubject {
  const referenced = (name: string): string | undefined => {
    const reference = isObject(form) && isObject(form[name]) ? form[name]['reference'] : undefined;
    return typeof reference === 'string' ? reference : undefined;
  };
  const patientId = /(?:^|\/)Patient\/([A-Za-z0-9.-]{1,64})$/.exec(referenced('subject') ?? '')?.[1];
  const userId = referenced('author');
  return { ...(patientId !== undefined && { patientId }), ...(userId !== undefined && { userId }) };
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
  const asked = [...filters].map(([name, value]) => ({
    read: searched[name],
    values: new Set(value.split(',')),
  }));
  const found = [...table.values()].filter((resource) =>
    asked.every(({ read, values }) => values.has(read?.(resource) ?? '')),
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
function sendKnowledge(request: Request, response: Response, content: Written): Promise<void> {
  response.set('Cache-Control', `public, max-age=${freshSeconds}`).type('application/fhir+json');
  return sendWritten(request, response, content);
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
