import type { ValueSet, ValueSetComposeIncludeConcept } from 'fhir/r4.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { Language, Score, ScoreItem } from '../knowledge/types.js';
import { about, otherLanguage, scoreSystem, translation, translationIn } from './canonical.js';

/** Id of the value set that holds the answers of a score's item. */
export function answersId(item: string): string {
  return `${item}-answers`;
}

/** The value sets of the artifacts, in the language asked for where they have it, and one of answers per score item. */
export function valueSets(knowledge: Knowledge, language: Language): readonly ValueSet[] {
  return [
    ...[...knowledge.valueSets.values()].map((valueSet) => inLanguage(valueSet, language)),
    ...[...knowledge.scores.values()].flatMap((score) =>
      score.items.map((item) => answersOf(score, item, language)),
    ),
  ];
}

function inLanguage(valueSet: ValueSet, language: Language): ValueSet {
  const { compose, title } = valueSet;
  const french = language === 'fr' ? translationIn(valueSet._title, 'fr') : undefined;
  return {
    ...valueSet,
    language,
    experimental: valueSet.experimental ?? false,
    publisher: valueSet.publisher ?? 'bone-metastasis-cds',
    ...(french !== undefined &&
      title !== undefined && { title: french, _title: translation({ en: title, fr: french }, 'fr') }),
    ...(compose !== undefined && {
      compose: {
        ...compose,
        include: compose.include.map((include) => ({
          ...include,
          ...(include.concept !== undefined && {
            concept: include.concept.map((concept) => conceptIn(concept, language)),
          }),
        })),
      },
    }),
  };
}

function conceptIn(
  concept: ValueSetComposeIncludeConcept,
  language: Language,
): ValueSetComposeIncludeConcept {
  const { display, designation = [] } = concept;
  const own = language === 'en' ? undefined : designation.find((each) => each.language === language);
  if (own === undefined || display === undefined) return concept;
  const others = designation.filter((each) => each !== own);
  return {
    ...concept,
    display: own.value,
    designation: [{ language: 'en', value: display }, ...others],
  };
}

function answersOf(score: Score, item: ScoreItem, language: Language): ValueSet {
  const id = answersId(item.id);
  const other = otherLanguage[language];
  const title = {
    en: `${score.title.en}: ${item.text.en}`,
    fr: `${score.title.fr}\u00a0: ${item.text.fr}`,
  };
  return {
    resourceType: 'ValueSet',
    ...about('ValueSet', id, { version: score.version, title, description: title }, language),
    status: 'active',
    compose: {
      include: [
        {
          system: scoreSystem,
          concept: item.answers.map(({ code, display }) => ({
            code: `${item.id}-${code}`,
            display: display[language],
            designation: [{ language: other, value: display[other] }],
          })),
        },
      ],
    },
  };
}
