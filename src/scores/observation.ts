import type { CodeableConcept, Observation } from 'fhir/r4.js';
import type { Language, Score, ScoreAnswer, ScoreItem } from '../knowledge/types.js';
import { textIn } from '../text.js';

/** One item with the answer that was chosen. */
export interface AnsweredItem<Answer = ScoreAnswer> {
  readonly item: Pick<ScoreItem, 'id' | 'text'>;
  readonly answer: Answer;
}

type Shown = Pick<ScoreAnswer, 'code' | 'display'>;

/** The code of an answer: a grade's item bears the name of its score, so that its answers are `frankel-a` …. */
export const answerCode = ({ id }: Pick<ScoreItem, 'id'>, { code }: Pick<ScoreAnswer, 'code'>): string =>
  `${id}-${code}`;

/** What a score Observation says, whoever writes it: $extract and the SMART app. */
type Said = Pick<
  Observation,
  'code' | 'valueCodeableConcept' | 'valueInteger' | 'interpretation' | 'component'
>;

/**
 * A score as R4 writes it: a component for each answered item, and the total with its class where both are known; of a grade the
 * answer alone.
 * @param system code system of scores, items and answers
 */
export function saidOf(
  score: Pick<Score, 'id' | 'title' | 'grade' | 'classes'>,
  answered: readonly AnsweredItem<Shown>[],
  sum: { readonly total?: number; readonly class?: string },
  { system, language }: { readonly system: string; readonly language: Language },
): Said {
  const concept = (code: string, display: string): CodeableConcept => ({
    coding: [{ system, code, display }],
    text: display,
  });
  const components = answered.map(({ item, answer }) => ({
    code: concept(item.id, textIn(item.text, language)),
    valueCodeableConcept: concept(answerCode(item, answer), textIn(answer.display, language)),
  }));
  const code = concept(score.id, textIn(score.title, language));
  if (score.grade === true) {
    const [grade] = components;
    return { code, ...(grade !== undefined && { valueCodeableConcept: grade.valueCodeableConcept }) };
  }
  const named = score.classes.find((each) => each.code === sum.class);
  return {
    code,
    ...(sum.total !== undefined && { valueInteger: sum.total }),
    ...(named !== undefined && { interpretation: [{ text: textIn(named.display, language) }] }),
    ...(components.length > 0 && { component: components }),
  };
}
