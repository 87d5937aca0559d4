import type { FhirResource } from '../cds-hooks/types.js';
import { memo } from '../memo.js';
import { answer } from './answer.js';
import { exampleDay, resourceOf } from './examples.js';
import type { Prepared } from './prepare.js';

/** Rules of each service whose first example is played: more of them make no call faster that comes after. */
const rulesOfEach = 6;

/**
 * Asks each service once about a chart made of examples, and throws the answers away: what is compiled, or filled in, when it is
 * first needed is then ready before the first patient. Done once, however many services of one process share the knowledge.
 */
export const warmUp: (prepared: Prepared) => 'warm' = memo((prepared) => {
  for (const service of prepared.services.values()) {
    const examples = service.rules.slice(0, rulesOfEach).flatMap(({ rule }) => rule.examples.slice(0, 1));
    const made = (part: 'chart' | 'drafts'): readonly FhirResource[] =>
      examples.flatMap((example) => example[part] ?? []).map((piece) => resourceOf(piece, prepared));
    const chart = made('chart');
    const provisions = new Map(
      service.needs.map(({ key, resourceType }) => {
        const resources = chart.filter((resource) => resource.resourceType === resourceType);
        return [key, { state: 'given', resources, incomplete: false }] as const;
      }),
    );
    for (const { code: language } of prepared.knowledge.languages) {
      answer({
        prepared,
        service,
        hook: { drafts: made('drafts'), selected: 'all', today: exampleDay },
        needs: service.needs,
        gathered: { provisions, companions: [], setAside: new Map(), requests: 0 },
        context: {
          patientId: 'example',
          today: exampleDay,
          publicBaseUrl: '',
          newId: () => '',
          cardFailed: () => undefined,
        },
        language,
      });
    }
  }
  return 'warm';
});
