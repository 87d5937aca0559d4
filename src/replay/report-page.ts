import type { Language } from '../knowledge/types.js';
import type { Findings } from './findings.js';
import { textIn } from '../text.js';
import type { Say } from '../words/say.js';

/** What a section of the report is made from. */
export interface Page {
  readonly findings: Findings;
  readonly language: Language;
  readonly say: Say<'replay'>;
  readonly number: (value: number | undefined) => string;
}

/** A rule, or the card that gathers scores with gaps, as its readers know it. */
export function titleOf(rule: string, { played }: Findings, language: Language): string {
  const title = played.rules.find(({ id }) => id === rule)?.title ?? played.names[rule];
  return textIn(title, language) ?? rule;
}

/** An input, a score or what else may be missing, as its readers know it. */
export function inputTitle(name: string, { played }: Findings, language: Language): string {
  return textIn(played.names[name], language) ?? name;
}
