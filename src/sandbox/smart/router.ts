import cors from 'cors';
import express, { Router, type Request, type Response } from 'express';
import type { Authorization } from '../fhir/access.js';
import { FhirProblem, operationOutcome, type IssueCode } from '../fhir/problem.js';
import { elementOf } from '../fhir/resource.js';
import type { SandboxStore } from '../fhir/store.js';
import type {
  AuthorizationServer,
  AuthorizationServerOptions,
  RegisteredClients,
} from './authorization-server.js';
import { launchContexts, readLaunchContext, sandboxUser } from './launch-contexts.js';
import { patientChoicePage } from './patient-choice.js';
import { smartConfiguration } from './smart-configuration.js';

/** How SMART App Launch is offered. Lifetimes are seconds; default an hour for tokens, a minute for codes. */
export interface SandboxSmartOptions {
  readonly clients: RegisteredClients;
  /** Public base URL without trailing slash; asked at the first request, when the port is known. */
  readonly baseUrl: () => string;
  readonly store: SandboxStore;
  readonly accessTokenSeconds?: number;
  readonly codeSeconds?: number;
}

/** The routes below the site's root, and the guard of the sandbox FHIR server. */
export interface SandboxSmart {
  readonly router: Router;
  /**
   * What a request to the FHIR server may do: everything without a token and from this machine, the token's patient
   * and scopes with one, nothing with an invalid one.
   */
  readonly authorize: (request: Request) => Promise<Authorization>;
}

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

function isLoopback(request: Request): boolean {
  return loopback.has(request.socket.remoteAddress ?? '');
}

function refuse(response: Response, status: number, code: IssueCode, diagnostics: string): void {
  response.status(status).json(operationOutcome([{ code, diagnostics }]));
}

function exists(store: SandboxStore, patient: string): boolean {
  try {
    store.read('Patient', patient);
    return true;
  } catch (error) {
    if (error instanceof FhirProblem) return false;
    throw error;
  }
}

/** Loaded when the first app is launched: most runs of the sandbox never need it. */
async function startServer(options: AuthorizationServerOptions): Promise<AuthorizationServer> {
  const { authorizationServer } = await import('./authorization-server.js');
  return authorizationServer(options);
}

/** The SMART authorization server, its interactions, discovery document and `POST /sandbox/launch`. */
export function sandboxSmart(options: SandboxSmartOptions): SandboxSmart {
  const { baseUrl, clients, store, accessTokenSeconds = 3600, codeSeconds = 60 } = options;
  const launches = launchContexts();
  let started: Promise<AuthorizationServer> | undefined;
  const server = (): Promise<AuthorizationServer> => {
    started ??= startServer({ baseUrl: baseUrl(), clients, launches, accessTokenSeconds, codeSeconds });
    return started;
  };

  const router = Router();
  router.get('/sandbox/fhir/.well-known/smart-configuration', cors(), (_request, response) => {
    response.json(smartConfiguration(baseUrl()));
  });

  // The way in which the public CDS Hooks Sandbox announces the launch of a card's link to its FHIR server.
  router.options('/sandbox/fhir/_services/smart/Launch', cors());
  router.post(
    '/sandbox/fhir/_services/smart/Launch',
    cors(),
    express.json({ limit: '16kb' }),
    (request, response) => {
      const context = readLaunchContext(elementOf(request.body, 'parameters'));
      if (context === undefined) refuse(response, 400, 'invalid', 'parameters.patient is needed');
      else if (!exists(store, context.patient))
        refuse(response, 404, 'not-found', 'the patient is not known');
      else response.status(200).json({ launch_id: launches.announce(context) });
    },
  );

  router.post('/sandbox/launch', express.json({ limit: '16kb' }), (request, response) => {
    const context = readLaunchContext(request.body);
    if (context === undefined) {
      refuse(response, 400, 'invalid', 'patient is needed; encounter, intent and appContext may be texts');
    } else if (!exists(store, context.patient)) {
      refuse(response, 404, 'not-found', 'the patient is not known');
    } else {
      response.status(201).json({ launch: launches.announce(context) });
    }
  });

  router.post(
    '/sandbox/ehr/fhir-authorization',
    express.json({ limit: '1kb' }),
    async (request, response) => {
      const patient = elementOf(request.body, 'patient');
      if (!isLoopback(request)) {
        refuse(response, 403, 'forbidden', 'only the EHR page of this machine may ask for a token');
      } else if (typeof patient !== 'string' || !exists(store, patient)) {
        refuse(response, 404, 'not-found', 'the patient is not known');
      } else {
        response
          .set('Cache-Control', 'no-store')
          .status(201)
          .json(await (await server()).tokenForService(patient));
      }
    },
  );

  router.get('/sandbox/auth/interaction/:uid', async (request, response) => {
    const { provider } = await server();
    const { prompt, uid } = await provider.interactionDetails(request, response);
    if (prompt.name === 'login') {
      await provider.interactionFinished(request, response, { login: { accountId: sandboxUser } });
      return;
    }
    const { matches } = store.search('Patient', [['_sort', 'family']]);
    response
      .set('Content-Security-Policy', "default-src 'none'; base-uri 'none'; frame-ancestors 'self'")
      .type('html')
      .send(patientChoicePage(matches, `${baseUrl()}/sandbox/auth/interaction/${uid}`));
  });
  router.post(
    '/sandbox/auth/interaction/:uid',
    express.urlencoded({ extended: false, limit: '1kb' }),
    async (request, response) => {
      const patient = elementOf(request.body, 'patient');
      if (typeof patient !== 'string' || !exists(store, patient)) {
        refuse(response, 400, 'invalid', 'patient must be one of the list');
        return;
      }
      const { provider } = await server();
      await provider.interactionFinished(request, response, { patient }, { mergeWithLastSubmission: true });
    },
  );
  router.use('/sandbox/auth', async (request, response) => {
    const { provider } = await server();
    await provider.callback()(request, response);
  });

  return {
    router,
    async authorize(request) {
      const header = request.get('authorization');
      if (header === undefined) return isLoopback(request) ? 'open' : 'refused';
      const token = /^Bearer (\S+)$/i.exec(header)?.[1];
      const granted = token === undefined ? undefined : await (await server()).contextOf(token);
      return granted === undefined ? 'refused' : { patient: granted.context.patient, scopes: granted.scopes };
    },
  };
}
