import type { MadeCard } from '../cards/made-card.js';
import { exampleCase, playRule, type Played } from '../engine/examples.js';
import type { Language, Rule, RuleExample } from '../knowledge/types.js';
import type { Outcome } from '../rules/evaluate.js';
import type { Gap } from '../rules/gap.js';
import { storyOf, type Story } from './story.js';
import { reasonsOf, type Reason } from './reasons.js';
import type { Knowing } from './knowing.js';
import { defaultLanguage } from '../text.js';

/** An example of a rule as a small patient, and what came of it. */
export interface PlayedStory {
  /** Its place among the rule's examples, from 1. */
  readonly number: number;
  readonly name: string;
  readonly story: Story;
  /** Prefetch keys that could not be read. */
  readonly missingData: readonly string[];
  readonly outcome: Played['kind'];
  readonly reasons: readonly Reason[];
  readonly missing: readonly Gap[];
  readonly cardsIn: Played['cardsIn'];
}

const strongest: readonly Played['kind'][] = ['failed', 'fires', 'unknown', 'silent'];

/** The outcome that tells most, of those of one rule for several subjects. */
export function tellingOutcome(outcomes: readonly Outcome[]): Outcome | undefined {
  return [...outcomes].sort(
    (a, b) => strongest.indexOf(a.kind) - strongest.indexOf(b.kind) || Number(b.applies) - Number(a.applies),
  )[0];
}

/** Plays all examples of a rule. */
export function storiesOf(rule: Rule, knowing: Knowing): readonly PlayedStory[] {
  return rule.examples.map((example, index) => playedStory(rule, example, index + 1, knowing));
}

function playedStory(rule: Rule, example: RuleExample, number: number, knowing: Knowing): PlayedStory {
  const { prepared } = knowing;
  const played = playRule(prepared, rule, example);
  const telling = tellingOutcome(played.outcomes);
  return {
    number,
    name: example.name,
    story: storyOf(exampleCase(prepared, example), knowing),
    missingData: example.missingData ?? [],
    outcome: played.kind,
    reasons: telling === undefined ? [] : reasonsOf(telling, knowing),
    missing: telling?.missing ?? [],
    cardsIn: played.cardsIn,
  };
}

/** The first card of the kind that the stories show. */
export function firstCards(
  stories: readonly PlayedStory[],
  outcome: Played['kind'],
): { readonly story: PlayedStory; readonly cardIn: (language: Language) => MadeCard } | undefined {
  for (const story of stories) {
    const [card] = story.cardsIn(defaultLanguage);
    if (story.outcome === outcome && card !== undefined)
      return { story, cardIn: (language) => story.cardsIn(language)[0] ?? card };
  }
  return undefined;
}
