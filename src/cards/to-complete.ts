import type { Knowledge } from '../knowledge/knowledge.js';
import type { Outcome } from '../rules/evaluate.js';
import { asksToComplete, placeOf, sourceLine } from './cards.js';
import type { MadeCard, OwnExtension } from './made-card.js';
import type { CardContext } from './actions.js';
import { cut } from './markdown.js';
import type { Wording } from './wording.js';
import { textIn } from '../text.js';

/** The card that names all scores with gaps stands for no rule. */
export const toComplete = 'to-complete';

/** All cards that only ask to complete a score become one, which names lesions and scores and links to each form. */
export function gathered(
  cards: readonly MadeCard[],
  context: CardContext,
  knowledge: Knowledge,
  wording: Wording,
): readonly MadeCard[] {
  const asking = cards.filter(({ outcomes }) => outcomes.every((outcome) => asksToComplete(outcome)));
  const [first] = asking;
  if (first === undefined) return cards;
  const others = cards.filter((made) => !asking.includes(made));
  const outcomes = asking.flatMap((made) => made.outcomes);
  const named = [...new Set(outcomes.flatMap((outcome) => scoresOf(outcome, knowledge, wording)))];
  const links = new Map(
    asking.flatMap(({ card }) => (card.links ?? []).map((link) => [placeOf(link), link] as const)),
  );
  const union = <Each>(listOf: (own: OwnExtension) => readonly Each[] | undefined): readonly Each[] => [
    ...new Set(asking.flatMap(({ own }) => listOf(own) ?? [])),
  ];
  const missing = union((each) => each.missing);
  const scores = union((each) => each.scores);
  const own: OwnExtension = {
    rule: toComplete,
    version: knowledge.plan.version,
    kind: toComplete,
    recommendations: union((each) => each.recommendations),
    outcome: 'unknown',
    ...(missing.length > 0 && { missing }),
    ...(scores.length > 0 && { scores }),
  };
  const detail: MadeCard['detail'] = (said, tables, remarks = []) =>
    [
      wording.phrase('to-complete-detail'),
      asking.map(({ card }) => `- ${card.summary}`).join('\n'),
      ...remarks,
      sourceLine(outcomes, wording),
    ].join('\n\n');
  return [
    ...others,
    {
      ...first,
      own,
      outcomes,
      detail,
      fingerprint: () => asking.map((made) => made.fingerprint()).join('\n'),
      card: {
        ...first.card,
        summary: cut(wording.phrase('to-complete-summary', { scores: wording.list(named) }), 139),
        indicator: 'info',
        detail: detail(new Set(), false),
        source: { ...first.card.source, url: `${context.publicBaseUrl}/guideline/${toComplete}` },
        ...(links.size > 0 && { links: [...links.values()] }),
        extension: { [knowledge.guideline.cardExtension]: own },
      },
    },
  ];
}

/** `SINS of L4`, `Mirels score of the left femur`. */
function scoresOf({ subject, scores }: Outcome, knowledge: Knowledge, wording: Wording): readonly string[] {
  return scores.map(({ score }) => {
    const known = knowledge.scores.get(score);
    const name = textIn(known?.short ?? known?.title, wording.language) ?? score;
    return subject.lesion === undefined
      ? name
      : wording.phrase('score-of-lesion', {
          score: name,
          lesion: wording.asCommonNoun(wording.siteOf(subject.lesion)),
        });
  });
}
