import type { MadeCard } from '../cards/made-card.js';
import { whoIsNamed } from '../cds-hooks/context.js';
import type { HookRequest } from '../cds-hooks/types.js';
import type { KnownCard } from '../engine/said-before.js';
import { normalBase, type KeyedHash } from '../feedback/keyed-hash.js';
import type { CallSubject } from './audit.js';
import type { KnownCaller } from './caller.js';

/** By which keys the cards of one call are known again. */
export interface CallKeys {
  /** Issuer of the client; '' where none is known. */
  readonly client: string;
  /** The client is answered without cards. */
  readonly shadow: boolean;
  readonly patientKey: string;
  readonly userKey?: string;
  readonly encounterKey?: string;
}

const idOf = (reference: unknown): string | undefined =>
  typeof reference === 'string' && reference !== '' ? reference.replace(/^Encounter\//, '') : undefined;

/** Whom a hook call is about and who asks. An EHR with one FHIR server need not name it in every call. */
export function subjectOf(
  { hook, hookInstance, context, fhirServer }: HookRequest,
  { client }: KnownCaller,
): CallSubject & { readonly fhirBase: string } {
  const { userId, patientId } = whoIsNamed(context);
  const [only, ...others] = client?.fhirServers ?? [];
  const base = fhirServer ?? (others.length === 0 ? only : undefined);
  return {
    hook,
    hookInstance,
    ...(userId !== undefined && { userId }),
    ...(patientId !== undefined && { patientId }),
    fhirBase: base === undefined ? '' : normalBase(base),
  };
}

/** The keys of a call about a patient. */
export function callKeys(
  keyed: KeyedHash,
  request: HookRequest,
  caller: KnownCaller,
  patientId: string,
): CallKeys {
  const { userId, fhirBase } = subjectOf(request, caller);
  const encounterId = idOf(whoIsNamed(request.context).encounterId);
  const client = caller.issuer ?? '';
  return {
    client,
    shadow: caller.client?.shadow === true,
    patientKey: keyed.patient(client, fhirBase, patientId),
    ...(userId !== undefined && userId !== '' && { userKey: keyed.user(client, fhirBase, userId) }),
    ...(encounterId !== undefined && { encounterKey: keyed.encounter(client, fhirBase, encounterId) }),
  };
}

/** The cards, each with the key of what it says of the patient. */
export function known(keyed: KeyedHash, { patientKey, shadow }: CallKeys, made: MadeCard): KnownCard {
  return { made, subjectKey: keyed.subject(patientKey, made.fingerprint(), shadow) };
}
