import type { ValueSet, ValueSetComposeIncludeConcept } from 'fhir/r4.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import { translationsIn } from '../knowledge/translation.js';
import { colonIn } from '../knowledge/typography.js';
import type { Guideline, Language, Score, ScoreItem, Text } from '../knowledge/types.js';
import { about, designations, localVersion, publishedBy, scoreSystemAt, translation } from './canonical.js';
import { copyrightOf } from './copyright.js';
import { defaultLanguage, madeOf, textIn } from '../text.js';

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
 * Title and description in the language that is served, with the others as translations. Remarks that follow the title in a
 * description are for terminologists, and in English only: another text then is the title, and no translation of them.
 */
function titled({ title, _title, description }: ValueSet, language: Language): Partial<ValueSet> {
  const { fr, ...further } = translationsIn(_title);
  if (fr === undefined || title === undefined) return {};
  const titles: Text = { en: title, fr, ...further };
  const described = madeOf([titles], (said) => `${said(titles)}.`);
  const texts = { ...described, en: description ?? described.en };
  if (titles[language] === undefined || language === defaultLanguage) {
    return texts.en === described.en
      ? { description: texts.en, _description: translation(texts, defaultLanguage) }
      : {};
  }
  return {
    title: titles[language],
    _title: translation(titles, language),
    description: textIn(texts, language),
    _description: translation(texts, language),
  };
}

function conceptIn(
  concept: ValueSetComposeIncludeConcept,
  language: Language,
): ValueSetComposeIncludeConcept {
  const { display, designation = [] } = concept;
  const own =
    language === defaultLanguage ? undefined : designation.find((each) => each.language === language);
  if (own === undefined || display === undefined) return concept;
  const others = designation.filter((each) => each !== own);
  return {
    ...concept,
    display: own.value,
    designation: [{ language: defaultLanguage, value: display }, ...others],
  };
}

function answersOf(knowledge: Knowledge, score: Score, item: ScoreItem, language: Language): ValueSet {
  const id = answersId(item.id);
  const title = madeOf(
    [score.title, item.text],
    (said, each) => `${said(score.title)}${colonIn(knowledge.languages, each)} ${said(item.text)}`,
  );
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
