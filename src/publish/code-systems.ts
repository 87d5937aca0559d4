import { createHash } from 'node:crypto';
import type { CodeSystem, CodeSystemConcept, CodeSystemProperty } from 'fhir/r4.js';
import type { Coverage, Knowledge } from '../knowledge/knowledge.js';
import { sectionIn } from '../knowledge/source-values.js';
import type { Language, Score, SystemId, Text } from '../knowledge/types.js';
import { about, canonical, designations } from './canonical.js';
import { errorDisplays } from './labels.js';
import { textIn } from '../text.js';

type Property = NonNullable<CodeSystemConcept['property']>[number];

interface Concept {
  readonly code: string;
  readonly display: Text;
  readonly properties?: readonly Property[];
  readonly ordinal?: number;
}

/** Its R4 definition names CodeSystem.concept as a context; `codesystem-ordinalValue` was the extension of STU3. */
const ordinalValue = 'http://hl7.org/fhir/StructureDefinition/ordinalValue';

/** Our own code systems; their displays come from the artifacts. */
export function codeSystems(knowledge: Knowledge, language: Language): readonly CodeSystem[] {
  const system = (
    id: SystemId,
    concepts: readonly Concept[],
    properties: readonly CodeSystemProperty[] = [],
  ) => codeSystem(knowledge, { id, concepts, properties, language });
  return [
    system(
      'score',
      [...[...knowledge.scores.values()].flatMap(conceptsOfScore), ...displayed(knowledge, 'score')],
      [
        { code: 'kind', type: 'code', description: 'score, item or answer' },
        { code: 'parent', type: 'code', uri: 'http://hl7.org/fhir/concept-properties#parent' },
        { code: 'points', type: 'decimal', description: 'Points of an answer; a grade has none' },
      ],
    ),
    system('finding', displayed(knowledge, 'finding')),
    system('order', displayed(knowledge, 'order')),
    system('recommendation', recommendations(knowledge, language), [
      { code: 'section', type: 'string', description: 'Section of the source' },
      { code: 'edition', type: 'string', description: 'First edition that holds it' },
      { code: 'rule', type: 'string', description: 'Id of the PlanDefinition that carries it out' },
      { code: 'no-alert', type: 'string', description: 'Why there is no alert of its own' },
    ]),
    system('override-reason', [...knowledge.overrideReasons.values()]),
    system('error', errorDisplays(knowledge)),
  ];
}

interface Making {
  readonly id: SystemId;
  readonly concepts: readonly Concept[];
  readonly properties: readonly CodeSystemProperty[];
  readonly language: Language;
}

function codeSystem(knowledge: Knowledge, { id, concepts, properties, language }: Making): CodeSystem {
  const unique = [
    ...new Map([...concepts].reverse().map((concept) => [concept.code, concept])).values(),
  ].reverse();
  // No single artifact versions a code system, so its version is what it holds.
  const version = createHash('sha256').update(JSON.stringify(unique)).digest('hex').slice(0, 12);
  return {
    resourceType: 'CodeSystem',
    ...about(knowledge, 'CodeSystem', id, { version, ...knowledge.guideline.codeSystems[id] }, language),
    status: 'active',
    caseSensitive: true,
    content: 'complete',
    count: unique.length,
    // «parent» means what hierarchyMeaning says (R4, concept-properties); an answer is not a kind of its item.
    ...(properties.some(({ code }) => code === 'parent') && { hierarchyMeaning: 'grouped-by' as const }),
    ...(properties.length > 0 && { property: [...properties] }),
    concept: unique.map(({ code, display, properties: own = [], ordinal }) => ({
      ...(ordinal !== undefined && { extension: [{ url: ordinalValue, valueDecimal: ordinal }] }),
      code,
      display: textIn(display, language),
      designation: designations(display, language),
      ...(own.length > 0 && { property: [...own] }),
    })),
  };
}

function conceptsOfScore(score: Score): readonly Concept[] {
  const kind = (valueCode: string): Property => ({ code: 'kind', valueCode });
  const parent = (valueCode: string): Property => ({ code: 'parent', valueCode });
  return [
    { code: score.id, display: score.title, properties: [kind('score')] },
    ...score.items.flatMap(({ id, text, answers }) => [
      { code: id, display: text, properties: [kind('item'), parent(score.id)] },
      ...answers.map(({ code, points, display }) => ({
        code: `${id}-${code}`,
        display,
        properties: [
          kind('answer'),
          parent(id),
          ...(score.grade === true ? [] : [{ code: 'points', valueDecimal: points }]),
        ],
        ...(score.grade !== true && { ordinal: points }),
      })),
    ]),
  ];
}

/** Codes of one of our systems with the displays that the value sets give them. */
function displayed({ shippedValueSets, canonicalBase }: Knowledge, id: SystemId): readonly Concept[] {
  const system = canonical(canonicalBase, 'CodeSystem', id);
  return [...shippedValueSets.values()]
    .flatMap(({ compose }) => compose?.include ?? [])
    .filter((include) => include.system === system)
    .flatMap(({ concept = [] }) => concept)
    .map(({ code, display = code, designation = [] }) => {
      const named = designation.flatMap(({ language, value }) =>
        language === undefined ? [] : [[language, value] as const],
      );
      return { code, display: { en: display, fr: display, ...Object.fromEntries(named) } };
    })
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}

function recommendations(
  { recommendations: known, coverage }: Knowledge,
  language: Language,
): readonly Concept[] {
  return [...known.values()].map(({ id, title, section, edition }) => ({
    code: id,
    display: title,
    properties: [
      { code: 'section', valueString: sectionIn(section, language) },
      { code: 'edition', valueString: edition },
      ...covered(coverage.get(id), language),
    ],
  }));
}

function covered(coverage: Coverage | undefined, language: Language): readonly Property[] {
  if (coverage === undefined) return [];
  if ('none' in coverage) return [{ code: 'no-alert', valueString: textIn(coverage.none, language) }];
  return [{ code: 'rule', valueString: 'rule' in coverage ? coverage.rule : coverage.within }];
}
