import type { ValueSet, ValueSetComposeIncludeConcept } from 'fhir/r4.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import { translationIn } from '../knowledge/translation.js';
import type { Guideline, Language, Score, ScoreItem } from '../knowledge/types.js';
import { about, designations, localVersion, publishedBy, scoreSystemAt, translation } from './canonical.js';
import { copyrightOf } from './copyright.js';
import { textIn } from '../text.js';

/** Id of the value set that holds the answers of a score's item. */
function answersId(item: string): string {
  return `${item}-answers`;
}

/** The value sets of the artifacts, in the language asked for where they have it, and one of answers per score item. */
export function valueSets(knowledge: Knowledge, language: Language): readonly ValueSet[] {
  return [
    ...[...knowledge.valueSets.entries()].map(([id, valueSet]) =>
      inLanguage(versioned(valueSet, knowledge.shippedValueSets.get(id)), knowledge.guideline, language),
    ),
    ...[...knowledge.scores.values()].flatMap((score) =>
      score.items.map((item) => answersOf(knowledge, score, item, language)),
    ),
  ];
}

function versioned(valueSet: ValueSet, shipped: ValueSet | undefined): ValueSet {
  if (valueSet === shipped) return valueSet;
  return { ...valueSet, version: localVersion(valueSet.version, valueSet) };
}

function inLanguage(valueSet: ValueSet, guideline: Guideline, language: Language): ValueSet {
  const { compose } = valueSet;
  const copyright = copyrightOf(valueSet, guideline);
  return {
    ...valueSet,
    language,
    experimental: valueSet.experimental ?? false,
    ...(valueSet.publisher === undefined && publishedBy(guideline, language)),
    ...titled(valueSet, language),
    // A hospital's own notice stands.
    ...(copyright !== undefined &&
      valueSet.copyright === undefined && {
        copyright: textIn(copyright, language),
        _copyright: translation(copyright, language),
      }),
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

/**
 * Title and description in French, with the English as translation. Remarks that follow the title in a description are
 * for terminologists, and in English only: the French text then is the title, and no translation of them.
 */
function titled({ title, _title, description }: ValueSet, language: Language): Partial<ValueSet> {
  const french = translationIn(_title, 'fr');
  if (french === undefined || title === undefined) return {};
  const text = { en: description ?? `${title}.`, fr: `${french}.` };
  if (language === 'en') {
    return text.en === `${title}.` ? { description: text.en, _description: translation(text, 'en') } : {};
  }
  return {
    title: french,
    _title: translation({ en: title, fr: french }, 'fr'),
    description: text.fr,
    _description: translation(text, 'fr'),
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

function answersOf(knowledge: Knowledge, score: Score, item: ScoreItem, language: Language): ValueSet {
  const id = answersId(item.id);
  const title = {
    en: `${score.title.en}: ${item.text.en}`,
    fr: `${score.title.fr}\u00a0: ${item.text.fr}`,
  };
  return {
    resourceType: 'ValueSet',
    ...about(knowledge, 'ValueSet', id, { version: score.version, title, description: title }, language),
    status: 'active',
    compose: {
      include: [
        {
          system: scoreSystemAt(knowledge.canonicalBase),
          concept: item.answers.map(({ code, display }) => ({
            code: `${item.id}-${code}`,
            display: textIn(display, language),
            designation: designations(display, language),
          })),
        },
      ],
    },
  };
}
