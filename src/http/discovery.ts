import type { RequestHandler } from 'express';
import type { DiscoveryEntry } from '../cds-hooks/types.js';
import type { CustomHookName, HookName } from '../cds-hooks/types.js';
import type { Prepared } from '../engine/prepare.js';
import type { Language } from '../knowledge/types.js';
import { callerOf } from './caller.js';
import type { Deployment } from './deployment.js';
import { languageOf } from './language.js';
import { sendWritten, written, type Written } from './tagged.js';

/** Discovery: one entry for each hook of each service; two entries of one id share one answer (DISC-13). */
function discoveryOf(
  prepared: Prepared,
  language: Language,
): { readonly services: readonly DiscoveryEntry[] } {
  const services = [...prepared.services.values()].flatMap(({ definition, needs }) =>
    definition.hooks.map((hook) => ({
      hook: hook as HookName | CustomHookName,
      id: definition.id,
      title: definition.title[language],
      description: definition.description[language],
      ...(definition.usageRequirements !== undefined && {
        usageRequirements: definition.usageRequirements[language],
      }),
      ...(needs.length > 0 && {
        prefetch: Object.fromEntries(needs.map(({ key, template }) => [key, template])),
      }),
    })),
  );
  return { services };
}

/** `GET /cds-services` (CDS Hooks 2.0.1, Discovery). */
export function discovery({ prepared, config }: Deployment): RequestHandler {
  const answerIn = (language: Language): Written => written(JSON.stringify(discoveryOf(prepared, language)));
  const answers = { en: answerIn('en'), fr: answerIn('fr') };
  return async (request, response) => {
    const language = languageOf(request, callerOf(request).client?.language ?? config.defaultLanguage);
    // It holds nothing of a patient: who has it may keep it, and asks whether it is still the same.
    response
      .set({ 'Content-Language': language, 'Cache-Control': 'private, no-cache' })
      .vary('Accept-Language, Authorization')
      .type('application/json');
    await sendWritten(request, response, answers[language]);
  };
}
