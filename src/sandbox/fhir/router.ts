import cors from 'cors';
import express, { type NextFunction, type Request, type Response, Router } from 'express';
import { authorizedStore, type Authorization } from './access.js';
import { etagOf, performBundle, searchsetBundle, versionOf } from './bundle.js';
import { capabilityStatement } from './capability-statement.js';
import { FhirProblem, fhirProblem, operationOutcome } from './problem.js';
import type { FhirResource, StoredResource } from './resource.js';
import { parametersOf } from './search-parameters.js';
import type { QueryPairs } from './search-query.js';
import type { SandboxStore } from './store.js';
import { subsetOf } from './subset.js';

/** How the sandbox FHIR server is mounted. */
export interface SandboxFhirOptions {
  /** The address that clients use, without a trailing slash; asked at each request, since the port may be free-chosen. */
  readonly baseUrl: () => string;
  /** Decides on each request what it may do; without it everything is open. */
  readonly authorize?: (request: Request) => Authorization | Promise<Authorization>;
  /** Largest body, as body-parser writes it; default `10mb`. */
  readonly bodyLimit?: string;
  /** The clock; only the CapabilityStatement's date needs it. */
  readonly now?: () => Date;
}

const jsonTypes = ['application/fhir+json', 'application/json', 'application/json+fhir'];
const formType = 'application/x-www-form-urlencoded';

function send(response: Response, status: number, body: FhirResource): void {
  response
    .status(status)
    .set('Content-Type', 'application/fhir+json; charset=utf-8')
    .send(JSON.stringify(body));
}

function sendResource(
  request: Request,
  response: Response,
  status: number,
  resource: StoredResource,
  subset: (whole: FhirResource) => FhirResource = (whole) => whole,
): void {
  response.set('ETag', etagOf(resource));
  response.set('Last-Modified', new Date(resource.meta.lastUpdated).toUTCString());
  if (request.get('Prefer')?.includes('return=minimal') === true) response.status(status).end();
  else send(response, status, subset(resource));
}

function parameter(request: Request, name: 'type' | 'id'): string {
  const value = request.params[name];
  return typeof value === 'string' ? value : '';
}

function queryPairs(request: Request): QueryPairs {
  const mark = request.originalUrl.indexOf('?');
  const inUrl = mark < 0 ? '' : request.originalUrl.slice(mark + 1);
  const inForm: unknown = request.method === 'POST' ? request.body : '';
  return [...new URLSearchParams(inUrl), ...new URLSearchParams(typeof inForm === 'string' ? inForm : '')];
}

function refuseMediaTypes(request: Request, _response: Response, next: NextFunction): void {
  const format = new URLSearchParams(request.originalUrl.split('?', 2)[1] ?? '').get('_format');
  // Not `request.accepts`: it refuses `application/fhir+json; fhirVersion=4.0`, which R4 clients may send.
  const readable = /json|\*\/\*|application\/\*/.test(format ?? request.get('Accept') ?? '*/*');
  if (!readable) throw fhirProblem(406, 'not-supported', 'only JSON is offered: application/fhir+json');
  const hasBody =
    request.get('Transfer-Encoding') !== undefined || Number(request.get('Content-Length') ?? 0) > 0;
  const writes = request.method === 'PUT' || request.method === 'POST';
  const wanted = request.path.endsWith('/_search') ? formType : jsonTypes;
  if (writes && hasBody && typeof request.is([wanted].flat()) !== 'string') {
    throw fhirProblem(415, 'not-supported', `Content-Type must be ${[wanted].flat()[0] ?? ''}`);
  }
  next();
}

function statusOf(error: unknown): number | undefined {
  const status: unknown =
    typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' ? status : undefined;
}

/** Whatever was thrown as a problem whose text is ours: a library's message may quote the body. */
function problemOf(error: unknown): FhirProblem {
  if (error instanceof FhirProblem) return error;
  const status = statusOf(error);
  if (status === 413) return fhirProblem(413, 'too-long', 'the body is too large');
  if (status === 415) return fhirProblem(415, 'not-supported', 'the encoding of the body is not supported');
  if (status !== undefined && status >= 400 && status < 500) {
    return fhirProblem(400, 'structure', 'the request is malformed');
  }
  return fhirProblem(500, 'exception', 'the sandbox could not answer');
}

function methodNotAllowed(...allowed: readonly string[]) {
  return (request: Request, response: Response): void => {
    const type = parameter(request, 'type');
    if (type !== '' && parametersOf(type) === undefined) {
      throw fhirProblem(404, 'not-supported', 'this resource type is not stored here');
    }
    response.set('Allow', allowed.join(', '));
    throw fhirProblem(405, 'not-supported', `only ${allowed.join(', ')} here`);
  };
}

/**
 * A FHIR R4 RESTful API over the store: read, create, update, delete, search, transaction, batch, metadata. Errors are
 * OperationOutcomes. It reads its own bodies: mount it before any body parser. CORS is open, since only fictitious
 * patients live here.
 */
export function sandboxFhirRouter(store: SandboxStore, options: SandboxFhirOptions): Router {
  const {
    baseUrl,
    authorize = (): Authorization => 'open',
    bodyLimit = '10mb',
    now = () => new Date(),
  } = options;
  const router = Router();
  const storeFor = async (request: Request): Promise<SandboxStore> =>
    authorizedStore(store, await authorize(request));

  router.use(cors({ exposedHeaders: ['ETag', 'Location', 'Last-Modified', 'Content-Location'] }));
  router.get('/metadata', (_request, response) => {
    send(response, 200, capabilityStatement(baseUrl(), now().toISOString()));
  });
  router.use(refuseMediaTypes);
  router.use(express.json({ limit: bodyLimit, type: jsonTypes, strict: false }));
  router.use(express.text({ limit: bodyLimit, type: formType }));

  router.post('/', async (request, response) => {
    send(response, 200, performBundle(await storeFor(request), baseUrl(), request.body));
  });
  router.all('/', methodNotAllowed('POST'));

  const search = async (request: Request, response: Response): Promise<void> => {
    const type = parameter(request, 'type');
    const pairs = queryPairs(request);
    const subset = subsetOf(pairs);
    const page = (await storeFor(request)).search(type, pairs);
    send(response, 200, searchsetBundle(baseUrl(), type, pairs, page, subset));
  };
  router.post('/:type/_search', search);
  router.all('/:type/_search', methodNotAllowed('POST'));
  router.get('/:type', search);
  router.post('/:type', async (request, response) => {
    const resource = (await storeFor(request)).create(request.body, parameter(request, 'type'));
    response.location(
      `${baseUrl()}/${resource.resourceType}/${resource.id}/_history/${resource.meta.versionId}`,
    );
    sendResource(request, response, 201, resource);
  });
  router.all('/:type', methodNotAllowed('GET', 'POST'));

  router.get('/:type/:id', async (request, response) => {
    const resource = (await storeFor(request)).read(parameter(request, 'type'), parameter(request, 'id'));
    sendResource(request, response, 200, resource, subsetOf(queryPairs(request)));
  });
  router.put('/:type/:id', async (request, response) => {
    const ifMatch = request.get('If-Match');
    const type = parameter(request, 'type');
    const version = ifMatch === undefined ? undefined : versionOf(ifMatch);
    const writer = await storeFor(request);
    const { resource, created } = writer.update(request.body, type, parameter(request, 'id'), version);
    response.location(`${baseUrl()}/${type}/${resource.id}/_history/${resource.meta.versionId}`);
    sendResource(request, response, created ? 201 : 200, resource);
  });
  router.delete('/:type/:id', async (request, response) => {
    (await storeFor(request)).delete(parameter(request, 'type'), parameter(request, 'id'));
    response.status(204).end();
  });
  router.all('/:type/:id', methodNotAllowed('GET', 'PUT', 'DELETE'));

  router.use(() => {
    throw fhirProblem(404, 'not-found', 'nothing is here');
  });
  router.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = problemOf(error);
    if (problem.status === 401) response.set('WWW-Authenticate', 'Bearer realm="sandbox"');
    send(response, problem.status, operationOutcome(problem.issues));
  });
  return router;
}
