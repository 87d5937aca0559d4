import type { Observation, QuestionnaireResponse } from 'fhir/r4.js';
import { FhirFailure } from './chart.js';
import { isRecord, recordsIn } from './element.js';

/** Writing to the EHR; both throw `FhirFailure`. */
export interface Writing {
  readonly create: (resource: Observation | QuestionnaireResponse) => Promise<unknown>;
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
  const id = isRecord(resource) ? resource['id'] : undefined;
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
  const [first] = recordsIn(isRecord(bundle) ? bundle['entry'] : undefined);
  return first === undefined ? undefined : idIn(first['resource']);
}

/**
 * Writes the score, then the filled form. The score is what decisions rest on: when only the form is refused, the
 * score stays saved and the reader is told.
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
