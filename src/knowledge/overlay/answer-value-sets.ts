import type { ValueSet } from 'fhir/r4.js';
import { ownSystemsAt } from '../canonical-base.js';
import { translatedTo } from '../translation.js';
import { colonIn } from '../typography.js';
import { defaultLanguage, madeOf } from '../../text.js';
import type { Score, ScoreAnswer, ScoreItem, SpokenLanguage } from '../types.js';

/** Id of the value set of all codes that mean one answer (`sins-lesion-lytic`): what it is called in our own code system too. */
export function answerSetId(item: string, answer: string): string {
  return `${item}-${answer}`;
}

/**
 * One value set for each answer of each score, with our own code of it. Where a hospital writes answers in codes of its own (a
 * template of structured reports, common data elements of radiology), it adds them there.
 * @param base of our canonicals
 */
export function answerValueSets(
  scores: readonly Score[],
  languages: readonly SpokenLanguage[],
  base: string,
): ReadonlyMap<string, ValueSet> {
  return new Map(
    scores.flatMap((score) =>
      score.items.flatMap((item) =>
        item.answers.map((answer) => {
          const valueSet = answerValueSet(score, item, answer, { languages, base });
          return [valueSet.id, valueSet] as const;
        }),
      ),
    ),
  );
}

function answerValueSet(
  { title: scoreTitle, short = scoreTitle, version }: Score,
  item: ScoreItem,
  { code, display }: ScoreAnswer,
  { languages, base }: { readonly languages: readonly SpokenLanguage[]; readonly base: string },
): ValueSet & { readonly id: string } {
  const id = answerSetId(item.id, code);
  const title = madeOf(
    [short, item.text, display],
    (said, language) => `${said(short)}, ${said(item.text)}${colonIn(languages, language)} ${said(display)}`,
  );
  const { [defaultLanguage]: inEnglish, ...others } = title;
  const { [defaultLanguage]: called, ...designated } = display;
  return {
    resourceType: 'ValueSet',
    id,
    url: `${base}/ValueSet/${id}`,
    version,
    name: id.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase()),
    title: inEnglish,
    _title: translatedTo(Object.entries(others)),
    status: 'active',
    description: `${inEnglish}.`,
    compose: {
      include: [
        {
          system: `${ownSystemsAt(base)}score`,
          concept: [
            {
              code: id,
              display: called,
              designation: Object.entries(designated).map(([language, value]) => ({ language, value })),
            },
          ],
        },
      ],
    },
  };
}
