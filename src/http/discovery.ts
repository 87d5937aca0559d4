import type { RequestHandler } from 'express';
import type { DiscoveryEntry } from '../cds-hooks/types.js';
import type { CustomHookName, HookName } from '../cds-hooks/types.js';
import type { Prepared } from '../engine/prepare.js';
import type { Language } from '../knowledge/types.js';
import type { Client } from '../trust/clients.js';
import { callerOf } from './caller.js';
import type { Deployment } from './deployment.js';
import { languageOf } from './language.js';
import { distinctId } from './service-ids.js';
import { sendWritten, written, type Written } from './tagged.js';
import { textIn } from '../text.js';

/** What of discovery a client has its own way of. */
type Wanted = Pick<Client, 'notKept' | 'distinctServiceIds'>;

/** Discovery: one entry for each hook of each service; two entries of one id share one answer (DISC-13). */
function discoveryOf(
  prepared: Prepared,
  language: Language,
  { notKept = [], distinctServiceIds = false }: Wanted,
): { readonly services: readonly DiscoveryEntry[] } {
  const services = [...prepared.services.values()].flatMap((service) => {
    const { definition } = service;
    const needs = service.needs.filter(({ resourceType }) => !notKept.includes(resourceType));
    return definition.hooks.map((hook) => ({
      hook: hook as HookName | CustomHookName,
      id: distinctServiceIds ? distinctId(service, hook) : definition.id,
      title: textIn(definition.title, language),
      description: textIn(definition.description, language),
      ...(definition.usageRequirements !== undefined && {
        usageRequirements: textIn(definition.usageRequirements, language),
      }),
      ...(needs.length > 0 && {
        prefetch: Object.fromEntries(needs.map(({ key, template }) => [key, template])),
      }),
    }));
  });
  return { services };
}

/** `GET /cds-services` (CDS Hooks 2.0.1, Discovery). */
export function discovery({ prepared, config }: Deployment): RequestHandler {
  const answers = new Map<string, Written>();
  // Few clients differ in what they keep, and a changed clients file makes few more.
  const mostKept = 200;
  const answerIn = (language: Language, wanted: Wanted): Written => {
    const notKept = [...(wanted.notKept ?? [])].sort();
    const key = JSON.stringify([language, wanted.distinctServiceIds === true, notKept]);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const made = written(JSON.stringify(discoveryOf(prepared, language, wanted)));
    if (answers.size >= mostKept) answers.clear();
    answers.set(key, made);
    return made;
  };
  return async (request, response) => {
    const { client } = callerOf(request);
    const language = languageOf(request, prepared.knowledge, client?.language ?? config.defaultLanguage);
    // It holds nothing of a patient: who has it may keep it, and asks whether it is still the same.
    response
      .set({ 'Content-Language': language, 'Cache-Control': 'private, no-cache' })
      .vary('Accept-Language, Authorization')
      .type('application/json');
    await sendWritten(request, response, answerIn(language, client ?? {}));
  };
}
