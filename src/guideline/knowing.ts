import type { Wording } from '../cards/wording.js';
import type { Prepared } from '../engine/prepare.js';
import { wordingOf } from '../engine/answer.js';
import { wordsIn } from '../knowledge/catalogues.js';
import type { NamedInput } from '../knowledge/knowledge.js';
import type { Language } from '../knowledge/types.js';
import type { Say } from '../words/say.js';
import { plainWords, type Clause, type Phrase } from './clause.js';
import { textIn } from '../text.js';

/** The knowledge in one language: how its inputs, numbers and answers are called. */
export interface Knowing {
  readonly prepared: Prepared;
  readonly language: Language;
  readonly say: Say<'guideline'>;
  readonly wording: Wording;
  /** The name of an input, or the value of a setting, that can be followed. */
  named(name: string, place: 'leading' | 'within'): Phrase;
  /** A literal of an expression; `beside` names the input that it is compared with. */
  literal(value: boolean | number | string, beside: string | undefined): string;
  isDate(name: string | undefined): boolean;
  alternatives(words: readonly string[]): string;
  inLine(clause: Clause): string;
}

/** Words that the knowledge shows in one language. */
export function knowingIn(prepared: Prepared, language: Language): Knowing {
  const { inputs, settings, scores } = prepared.knowledge;
  const say = wordsIn(prepared.knowledge, 'guideline', language);
  const wording = wordingOf(prepared, language);
  const displays = answerDisplays(prepared, wording);

  const unitOf = (name: string | undefined): string | undefined => {
    const setting = name === undefined ? undefined : settings.get(name);
    if (setting !== undefined) return setting.unit;
    return name === undefined ? undefined : unitOfInput(inputs.get(name));
  };
  const answerWords = (value: string, beside: string | undefined): string => {
    const input = beside === undefined ? undefined : inputs.get(beside);
    const score = input?.kind === 'score' ? scores.get(input.score) : undefined;
    const found = [...(score?.classes ?? []), ...(score?.items.flatMap(({ answers }) => answers) ?? [])].find(
      ({ code }) => code === value,
    );
    if (found !== undefined) return textIn(found.display, language);
    const key = ['answer', 'marker']
      .map((kind) => `${kind}-${value}`)
      .find((each) => wording.hasPhrase(each));
    if (key !== undefined) return wording.phrase(key);
    return displays().get(value) ?? say('words.quoted', { text: value });
  };

  return {
    prepared,
    language,
    say,
    wording,
    named: (name, place) => {
      const setting = settings.get(name);
      if (setting !== undefined)
        return { words: wording.quantity(setting.value, setting.unit), setting: name };
      const title = textIn(inputs.get(name)?.title, language) ?? name;
      return { words: place === 'leading' ? title : withinLine(title), input: name };
    },
    literal: (value, beside) => {
      if (typeof value === 'boolean') return value ? say('words.yes') : say('words.no');
      if (typeof value === 'number') return wording.quantity(value, unitOf(beside));
      return answerWords(value, beside);
    },
    isDate: (name) => {
      const input = name === undefined ? undefined : inputs.get(name);
      return input?.kind === 'selected' && (input.read === 'date' || input.read === 'first-date');
    },
    alternatives: (words) => wording.alternatives(words),
    inLine: (clause) => plainWords(clause, { and: say('words.and'), or: say('words.or') }),
  };
}

/** Unit in which an input is measured. */
export function unitOfInput(input: NamedInput | undefined): string | undefined {
  if (input === undefined) return undefined;
  if (input.kind === 'elapsed') return input.unit;
  if (input.kind === 'person') return input.part === 'age' ? 'a' : undefined;
  return 'unit' in input ? input.unit : undefined;
}

/** «Femur» opens a line in lower case inside another one, «T10» and «SINS» stay as they are. */
export function withinLine(title: string): string {
  return title.replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase());
}

/** What the value sets call the codes that conditions name, whatever their system. */
function answerDisplays({ knowledge }: Prepared, wording: Wording): () => ReadonlyMap<string, string> {
  let made: Map<string, string> | undefined;
  return () => {
    if (made !== undefined) return made;
    made = new Map();
    for (const { compose } of knowledge.valueSets.values()) {
      for (const { system = '', concept = [] } of compose?.include ?? []) {
        for (const { code } of concept) {
          const display = wording.displayOf(system, code);
          if (display !== undefined && !made.has(code)) made.set(code, display);
        }
      }
    }
    return made;
  };
}
