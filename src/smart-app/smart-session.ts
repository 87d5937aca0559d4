import type Client from 'fhirclient/lib/Client';
import FHIR from 'fhirclient';
import type { AppContext } from './app-context.js';
import { readAppContext } from './app-context.js';
import { FhirFailure } from './chart.js';
import { recordsIn } from './element.js';
import { readMessaging, type Messaging } from './return-to-chart.js';
import type { Writing } from './save.js';
import { scopesFor, scopeVersionOf } from './scopes.js';
import { isObject } from '../json.js';

export type SessionProblem = 'launch' | 'state' | 'denied' | 'no-patient' | 'launch-failed';

/** An authorised session with the EHR: who, whose chart, and how to read and write it. */
export interface Session extends Writing {
  readonly server: string;
  readonly patient: string;
  /** Signed-in user as a reference that may stand in `performer`. */
  readonly author?: string;
  /** The encounter in which the app was launched. */
  readonly encounter?: string;
  readonly context: AppContext;
  /** How the record is told that the app is done, where it offers that. */
  readonly messaging?: Messaging;
  readonly read: (address: string) => Promise<unknown>;
  /** Whether another launch in this window was for another patient. */
  readonly isReplaced: () => boolean;
}

export type Opened =
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'problem'; readonly problem: SessionProblem };

/** Where fhirclient keeps the key of the window's current session. */
const currentSession = 'SMART_KEY';
const longestWait = 30_000;

async function smartConfiguration(issuer: string): Promise<unknown> {
  try {
    const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/smart-configuration`, {
      headers: { Accept: 'application/json' },
      signal: AbortSignal.timeout(longestWait),
    });
    return response.ok ? await jsonOf(response) : undefined;
  } catch {
    // The launch itself reads it too, and says what is wrong.
    return undefined;
  }
}

/** The client id that the page was built with. */
function registeredAs(): string {
  const name = document.querySelector('meta[name="smart-client"]')?.getAttribute('content');
  return name ?? '';
}

/** Begins the SMART EHR launch: leaves this page for the EHR's authorization server. */
export async function beginLaunch(): Promise<void> {
  const issuer = new URLSearchParams(window.location.search).get('iss') ?? '';
  await FHIR.oauth2.authorize({
    clientId: registeredAs(),
    scope: scopesFor(scopeVersionOf(await smartConfiguration(issuer))),
    redirectUri: new URL('./', window.location.href).href,
    pkceMode: 'required',
    completeInTarget: true,
  });
}

function failureOf(error: unknown): FhirFailure {
  const status: unknown = isObject(error) ? (error['statusCode'] ?? error['status']) : undefined;
  return new FhirFailure(typeof status === 'number' ? status : undefined);
}

function diagnosticsIn(body: unknown): readonly string[] {
  return recordsIn(isObject(body) ? body['issue'] : undefined).flatMap(({ diagnostics, details }) => {
    const text = diagnostics ?? (isObject(details) ? details['text'] : undefined);
    return typeof text === 'string' ? [text] : [];
  });
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

/** Not through fhirclient: it forgets the session on 401 and hides the OperationOutcome. */
async function post(
  client: Client,
  address: string,
  resource: Readonly<Record<'resourceType', string>>,
): Promise<unknown> {
  const authorization = client.getAuthorizationHeader();
  const response = await fetch(address, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/fhir+json',
      Accept: 'application/fhir+json',
      Prefer: 'return=representation',
      ...(authorization !== null && { Authorization: authorization }),
    },
    body: JSON.stringify(resource),
    signal: AbortSignal.timeout(longestWait),
  }).catch(() => {
    throw new FhirFailure();
  });
  const body = await jsonOf(response);
  if (!response.ok) throw new FhirFailure(response.status, diagnosticsIn(body));
  return body;
}

/** The patient of the window's latest launch, once it is known: frames of one window share their storage. */
function currentPatient(): unknown {
  const key = storedJson(currentSession);
  const state = typeof key === 'string' ? storedJson(key) : undefined;
  const token = isObject(state) ? state['tokenResponse'] : undefined;
  return isObject(token) ? token['patient'] : undefined;
}

function storedJson(key: string): unknown {
  try {
    return JSON.parse(window.sessionStorage.getItem(key) ?? 'null');
  } catch {
    return undefined;
  }
}

function sessionOf(client: Client, patient: string): Session {
  const server = client.state.serverUrl;
  const base = server.replace(/\/$/, '');
  const user = client.getFhirUser();
  const encounter = client.encounter.id;
  const messaging = readMessaging(client.state.tokenResponse);
  const read = async (address: string): Promise<unknown> => {
    try {
      const answer: unknown = await client.request(address);
      return answer;
    } catch (error) {
      throw failureOf(error);
    }
  };
  return {
    server,
    patient,
    ...(user !== null && /^(?:Practitioner|PractitionerRole|Organization)\//.test(user) && { author: user }),
    ...(encounter !== null && { encounter: `Encounter/${encounter}` }),
    context: readAppContext(client.state.tokenResponse),
    ...(messaging !== undefined && { messaging }),
    read,
    search: read,
    create: (resource) => post(client, `${base}/${resource.resourceType}`, resource),
    transact: (bundle) => post(client, base, bundle),
    isReplaced: () => {
      const current = currentPatient();
      return current !== undefined && current !== patient;
    },
  };
}

function problemOf(error: unknown, parameters: URLSearchParams): SessionProblem {
  if (parameters.has('error')) return 'denied';
  const message = error instanceof Error ? error.message : String(error);
  if (/no '?state'?/i.test(message)) return parameters.has('state') ? 'state' : 'launch';
  return parameters.has('code') ? 'state' : 'launch-failed';
}

/** Receives the SMART launch, or takes the session up again after a reload. Never throws. */
export async function openSession(): Promise<Opened> {
  const parameters = new URLSearchParams(window.location.search);
  try {
    const client = await FHIR.oauth2.ready();
    const { id } = client.patient;
    return id === null
      ? { kind: 'problem', problem: 'no-patient' }
      : { kind: 'open', session: sessionOf(client, id) };
  } catch (error) {
    return { kind: 'problem', problem: problemOf(error, parameters) };
  }
}
