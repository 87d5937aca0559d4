import type { Language } from '../../knowledge/types.js';
import { rangeText } from '../form.js';
import { classText, type AppKnowledge, type ScoreForm } from '../knowledge.js';
import type { Say } from '../../words/say.js';
import type { ResultJson } from '../results.js';
import type { Subject } from '../subject.js';
import { textIn } from '../../text.js';

type Stated = Pick<ResultJson, 'reachable' | 'possibleClasses' | 'total' | 'class'>;

/** A list joined as the language joins alternatives. */
export function alternatives(words: readonly string[], language: Language): string {
  return new Intl.ListFormat(language, { type: 'disjunction' }).format(words);
}

/** Total, or the totals that can still occur; of a grade, the grade. */
export function totalText(score: ScoreForm, stated: Stated, say: Say<'app'>): string {
  if (score.grade === true) {
    return stated.class === undefined
      ? say('score.gradeOpen')
      : say('score.grade', { grade: stated.class.toUpperCase() });
  }
  return stated.total === undefined
    ? say('score.range', { range: rangeText(stated.reachable) })
    : say('score.total', { total: stated.total });
}

/** The class, or those that can still come out; nothing when all of them can. */
export function classesText(
  score: ScoreForm,
  stated: Stated,
  language: Language,
  say: Say<'app'>,
): string | undefined {
  if (stated.class !== undefined) {
    const text = classText(score, stated.class, language);
    return score.grade === true ? text : say('score.class', { class: text });
  }
  const codes = stated.possibleClasses;
  if (codes.length === 0 || (score.grade === true && codes.length > 3)) return undefined;
  const words = codes.map((code) => classText(score, code, language));
  return say('score.classes', { classes: alternatives(words, language) });
}

/** The items' questions, joined. */
export function itemsText(score: ScoreForm, items: readonly string[], language: Language): string {
  const words = items.map((id) => textIn(score.items.find((item) => item.id === id)?.text, language) ?? id);
  return words.join(' · ');
}

/** A subject as a reader names it. */
export function subjectText(
  subject: Subject,
  knowledge: AppKnowledge,
  language: Language,
  say: Say<'app'>,
): string {
  if (subject.kind === 'patient') return say('score.patient');
  const label = subject.site;
  if (label === undefined) return say('overview.unplaced');
  const site = knowledge.sites.find(({ id, display }) => [id, ...Object.values(display)].includes(label));
  return textIn(site?.display, language) ?? label;
}
