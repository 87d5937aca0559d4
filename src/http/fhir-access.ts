import type { HookRequest } from '../cds-hooks/types.js';
import type { UnservedTypes } from '../data/unserved.js';
import { allowFhirServer } from '../fhir/allow-list.js';
import { fhirBudget } from '../fhir/budget.js';
import { fhirClient } from '../fhir/client.js';
import type { FhirClient } from '../fhir/types.js';
import type { KnownCaller } from './caller.js';
import type { Deployment } from './deployment.js';

const limits = {
  maxPages: 50,
  maxResources: 20_000,
  maxBytes: 20 * 1024 * 1024,
  maxTotalBytes: 60 * 1024 * 1024,
};

/** The FHIR server of a call: one that may be asked, none at all, or one that this service must not call. */
export type FhirAccess =
  | {
      readonly ok: true;
      /** What it was found not to serve. */
      readonly unserved?: UnservedTypes;
      /** @param onRequest called before each request */
      readonly open?: (budgetMs: number, gone: AbortSignal, onRequest: () => void) => FhirClient;
    }
  | { readonly ok: false; readonly message: string };

/** Whether and how the FHIR server that a call names may be asked (CDS Hooks 2.0.1, FHIR Resource Access). */
export function fhirAccessOf(
  { config, fhirDispatcher, unserved }: Deployment,
  { client }: KnownCaller,
  { fhirServer, fhirAuthorization }: HookRequest,
): FhirAccess {
  if (fhirServer === undefined) return { ok: true };
  const verdict = allowFhirServer(fhirServer, {
    production: config.production,
    allowed: client?.fhirServers ?? [],
  });
  if (!verdict.ok)
    return { ok: false, message: `is not a FHIR server that this service may call (${verdict.reason})` };
  // Outside development, data without authorization are not asked for at all (FHIR-10).
  if (fhirAuthorization === undefined && config.production) return { ok: true };
  return {
    ok: true,
    unserved: unserved(client?.name ?? '', verdict.base),
    open: (budgetMs, gone, onRequest) =>
      fhirClient({
        baseUrl: verdict.base,
        accessToken: fhirAuthorization?.access_token,
        budget: fhirBudget(budgetMs, gone),
        limits,
        dispatcher: fhirDispatcher(client?.issuer),
        onRequest,
      }),
  };
}
