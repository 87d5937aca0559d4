import type { Extension, Questionnaire, QuestionnaireItem, QuestionnaireItemAnswerOption } from 'fhir/r4.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { Language, Score, ScoreAnswer, ScoreItem, Text } from '../knowledge/types.js';
import { about, scoreSystemAt, translation } from './canonical.js';
import { label } from './labels.js';
import { textIn } from '../text.js';

/** linkIds of the form's items that are no item of the score. */
export const totalId = (score: string): string => `${score}-total`;
export const classId = (score: string): string => `${score}-class`;
export const lesionId = 'lesion';

/** One form per score: its items, the total and the class calculated, and for a score per lesion the lesion. */
export function questionnaires(knowledge: Knowledge, language: Language): readonly Questionnaire[] {
  return [...knowledge.scores.values()].map((score) => questionnaire(knowledge, score, language));
}

/** How two versions are compared; an element of its own in R5, in R4 an extension. */
const versionAlgorithm: Extension = {
  url: 'http://hl7.org/fhir/StructureDefinition/artifact-versionAlgorithm',
  valueCoding: { system: 'http://hl7.org/fhir/version-algorithm', code: 'semver' },
};

function questionnaire(knowledge: Knowledge, score: Score, language: Language): Questionnaire {
  const base = knowledge.canonicalBase;
  const { id, version, title, warning } = score;
  return {
    resourceType: 'Questionnaire',
    ...about(knowledge, 'Questionnaire', id, { version, title, description: warning ?? title }, language),
    extension: [versionAlgorithm],
    status: 'active',
    subjectType: ['Patient'],
    code: [coding(base, id, title, language)],
    item: [
      ...score.items.map((item) => scoreItem(base, score, item, language)),
      ...(score.grade === true
        ? []
        : [total(knowledge, score, language), classItem(knowledge, score, language)]),
      ...(score.per === 'lesion' ? [lesion(knowledge, language)] : []),
    ],
  };
}

function coding(base: string, code: string, display: Text, language: Language) {
  const system = scoreSystemAt(base);
  return { system, code, display: textIn(display, language), _display: translation(display, language) };
}

function worded(text: Text, language: Language) {
  return { text: textIn(text, language), _text: translation(text, language) };
}

function scoreItem(base: string, score: Score, item: ScoreItem, language: Language): QuestionnaireItem {
  return {
    linkId: item.id,
    code: [coding(base, item.id, item.text, language)],
    ...worded(item.text, language),
    type: 'choice',
    required: false,
    repeats: false,
    answerOption: item.answers.map((answer) => option(base, score, item, answer, language)),
  };
}

/** Renderers differ in where they look for the points: on the option, or on its coding. Both hold them. */
function option(
  base: string,
  score: Score,
  item: ScoreItem,
  { code, points, display }: ScoreAnswer,
  language: Language,
): QuestionnaireItemAnswerOption {
  const extension: Extension[] =
    score.grade === true
      ? []
      : [{ url: 'http://hl7.org/fhir/StructureDefinition/ordinalValue', valueDecimal: points }];
  const weighted = extension.length > 0 && { extension };
  return {
    ...weighted,
    valueCoding: { ...weighted, ...coding(base, `${item.id}-${code}`, display, language) },
  };
}

function calculated(expression: string): Extension[] {
  return [
    {
      url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression',
      valueExpression: { language: 'text/fhirpath', expression },
    },
  ];
}

/** FHIRPath of the total; empty unless each item has exactly one answer that has points. */
function totalExpression({ items }: Score): string {
  const ids = items.map(({ id }) => `'${id}'`).join(' | ');
  const answered = `%resource.item.where(linkId in (${ids}))`;
  const once = 'where(answer.count() = 1 and answer.weight().count() = 1).linkId.distinct().count()';
  const complete = `${answered}.count() = ${items.length} and ${answered}.${once} = ${items.length}`;
  return `iif(${complete}, ${answered}.answer.weight().sum())`;
}

function total(knowledge: Knowledge, score: Score, language: Language): QuestionnaireItem {
  return {
    extension: calculated(totalExpression(score)),
    linkId: totalId(score.id),
    ...worded(label(knowledge, 'form.total'), language),
    type: 'integer',
    required: false,
    readOnly: true,
  };
}

function classItem(knowledge: Knowledge, score: Score, language: Language): QuestionnaireItem {
  const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;
  const chosen = score.classes.reduceRight((rest, { min, max, display }) => {
    const otherwise = rest === '' ? '' : `, ${rest}`;
    return `iif($this >= ${min} and $this <= ${max}, ${quoted(textIn(display, language))}${otherwise})`;
  }, '');
  return {
    extension: calculated(`${totalExpression(score)}.select(${chosen})`),
    linkId: classId(score.id),
    ...worded(label(knowledge, 'form.class'), language),
    type: 'string',
    required: false,
    readOnly: true,
  };
}

/** Filled in by the application that shows the form; nobody types a reference. */
function lesion(knowledge: Knowledge, language: Language): QuestionnaireItem {
  const resource = 'http://hl7.org/fhir/StructureDefinition/questionnaire-referenceResource';
  return {
    extension: [
      { url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-hidden', valueBoolean: true },
      { url: resource, valueCode: 'BodyStructure' },
      { url: resource, valueCode: 'Condition' },
    ],
    linkId: lesionId,
    ...worded(label(knowledge, 'form.lesion'), language),
    type: 'reference',
    required: false,
    repeats: false,
  };
}
