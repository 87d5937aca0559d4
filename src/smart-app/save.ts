import type { Bundle, Observation, QuestionnaireResponse } from 'fhir/r4.js';
import { FhirFailure } from './chart.js';
import { recordsIn } from './element.js';
import { isObject } from '../json.js';

/** Writing to the EHR; all throw `FhirFailure`. */
export interface Writing {
  readonly create: (resource: Observation | QuestionnaireResponse) => Promise<unknown>;
  /** Sends a transaction Bundle; absent where it is known that the server takes none. */
  readonly transact?: (bundle: Bundle) => Promise<unknown>;
  readonly search: (address: string) => Promise<unknown>;
}

export type SaveProblem =
  'session' | 'forbidden' | 'conflict' | 'precondition' | 'invalid' | 'server' | 'refused' | 'no-answer';

export type Saved =
  | { readonly kind: 'saved'; readonly observation: string; readonly form: 'saved' | 'refused' }
  | { readonly kind: 'failed'; readonly problem: SaveProblem; readonly details: readonly string[] };

/** What a status means for the person who saves. */
export function problemOf(status: number | undefined): SaveProblem {
  if (status === undefined) return 'no-answer';
  if (status === 401) return 'session';
  if (status === 403) return 'forbidden';
  if (status === 409) return 'conflict';
  if (status === 412) return 'precondition';
  if (status === 400 || status === 422) return 'invalid';
  return status >= 500 ? 'server' : 'refused';
}

function idIn(resource: unknown): string {
  const id = isObject(resource) ? resource['id'] : undefined;
  return typeof id === 'string' ? `Observation/${id}` : '';
}

/** The Observation of an earlier try whose answer was lost, if it did arrive. */
async function earlier(observation: Observation, writing: Writing): Promise<string | undefined> {
  const [identifier] = observation.identifier ?? [];
  const patient = observation.subject?.reference ?? '';
  const token = encodeURIComponent(`${identifier?.system ?? ''}|${identifier?.value ?? ''}`);
  const bundle = await writing.search(
    `Observation?patient=${encodeURIComponent(patient)}&identifier=${token}`,
  );
  const [first] = recordsIn(isObject(bundle) ? bundle['entry'] : undefined);
  return first === undefined ? undefined : idIn(first['resource']);
}

const formUrl = 'urn:uuid:7d2c9a4e-3b51-4f0e-8a6d-5c1f0b9e2d37';
const scoreUrl = 'urn:uuid:1f6e0c58-9d3a-4b72-b1c4-e0a7d8f3956b';

/** Form and score as one transaction, in which the score can name the form although neither has an id yet. */
export function transactionOf(observation: Observation, form: QuestionnaireResponse): Bundle {
  const derivedFrom = (observation.derivedFrom ?? [{}]).map((each) => ({ ...each, reference: formUrl }));
  const score: Observation = { ...observation, derivedFrom };
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      { fullUrl: formUrl, resource: form, request: { method: 'POST', url: 'QuestionnaireResponse' } },
      {
        fullUrl: scoreUrl,
        resource: score,
        request: { method: 'POST', url: 'Observation' },
      },
    ],
  };
}

type Taken = { readonly taken: false } | { readonly taken: true; readonly reference: string };

const notTaken: Taken = { taken: false };

/** Whether the server took both, with the reference of the score where it says so; it may take no transaction, or not this one. */
async function inOne(
  observation: Observation,
  form: QuestionnaireResponse,
  { transact }: Writing,
): Promise<Taken> {
  if (transact === undefined) return notTaken;
  try {
    const answer = await transact(transactionOf(observation, form));
    const [reference = ''] = recordsIn(isObject(answer) ? answer['entry'] : undefined)
      .map(({ response, resource }) => locationIn(response) ?? idIn(resource))
      .filter((each) => each.startsWith('Observation/'));
    return { taken: true, reference };
  } catch (error) {
    if (error instanceof FhirFailure && isRefusal(error.status)) return notTaken;
    throw error;
  }
}

/** A transaction is all or nothing: what the server refused it has not stored. After no answer, or a fault, who knows. */
function isRefusal(status: number | undefined): boolean {
  return status === 501 || (status !== undefined && status >= 400 && status < 500 && status !== 401);
}

function locationIn(response: unknown): string | undefined {
  const location = isObject(response) ? response['location'] : undefined;
  const found =
    typeof location === 'string'
      ? /\b([A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64})(?:\/_history\/|$)/.exec(location)
      : null;
  return found?.[1];
}

/**
 * Writes the score and the filled form in one transaction, or, where the server refuses that, the score, then the form. The
 * score is what decisions rest on: when only the form is refused, the score stays saved and the reader is told.
 * @param again whether an earlier try may have arrived although its answer was lost
 */
export async function save(
  observation: Observation,
  form: QuestionnaireResponse,
  again: boolean,
  writing: Writing,
): Promise<Saved> {
  try {
    const known = again ? await earlier(observation, writing) : undefined;
    const together = known === undefined ? await inOne(observation, form, writing) : notTaken;
    if (together.taken) return { kind: 'saved', observation: together.reference, form: 'saved' };
    const reference = known ?? idIn(await writing.create(observation));
    const kept = await writing.create(form).then(
      () => 'saved' as const,
      () => 'refused' as const,
    );
    return { kind: 'saved', observation: reference, form: kept };
  } catch (error) {
    if (!(error instanceof FhirFailure)) throw error;
    return { kind: 'failed', problem: problemOf(error.status), details: error.details };
  }
}
