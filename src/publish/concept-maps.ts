import { createHash } from 'node:crypto';
import type { ConceptMap } from 'fhir/r4.js';
import { nonAdherenceSystem } from '../knowledge/canonical-base.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { Language } from '../knowledge/types.js';
import { about, canonical } from './canonical.js';
import { label } from './labels.js';
import { textIn } from '../text.js';

/** As which of our reasons feedback in HL7's codes is understood. */
export function conceptMaps(
  knowledge: Pick<Knowledge, 'overrideReasons' | 'canonicalBase' | 'guideline' | 'catalogues' | 'languages'>,
  language: Language,
): readonly ConceptMap[] {
  const { overrideReasons, canonicalBase } = knowledge;
  const element = [...overrideReasons.values()].flatMap(({ code, display, nonAdherence }) =>
    nonAdherence.map((source) => ({
      code: source,
      // The source is the same or narrower: nothing says more exactly which.
      target: [{ code, display: textIn(display, language), equivalence: 'wider' as const }],
    })),
  );
  const version = createHash('sha256').update(JSON.stringify(element)).digest('hex').slice(0, 12);
  const text = {
    version,
    title: label(knowledge, 'map.title'),
    description: label(knowledge, 'map.description'),
  };
  return [
    {
      resourceType: 'ConceptMap',
      ...about(knowledge, 'ConceptMap', 'non-adherence-reason', text, language),
      status: 'active',
      group: [
        {
          source: nonAdherenceSystem,
          target: canonical(canonicalBase, 'CodeSystem', 'override-reason'),
          element,
        },
      ],
    },
  ];
}
