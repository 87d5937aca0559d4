import type { EngineSetting } from '../knowledge/engine-settings.js';
import { aboveSource } from '../cards/detail.js';
import type { MadeCard } from '../cards/made-card.js';
import type { AnswerContext } from '../cards/one-answer.js';
import type { Wording } from '../cards/wording.js';
import type { Language } from '../knowledge/types.js';
import { epochDayOf } from './case.js';
import { shownCards, wordingOf } from './answer.js';
import type { Prepared, PreparedService } from './prepare.js';

/** A card with the key of what it says about which facts of which patient. */
export interface KnownCard {
  readonly made: MadeCard;
  readonly subjectKey: string;
}

/** A card that was declined, by this user or (without `userKey`) for all. */
export interface Declined {
  readonly userKey?: string;
  readonly encounterKey?: string;
  readonly at: Date;
}

/** What is remembered of earlier calls. */
export interface Recall {
  readonly declinesOf: (subjectKey: string) => readonly Declined[];
  readonly shownAt: (userKey: string, subjectKey: string) => Date | undefined;
}

/** The same memory, as if nothing had been shown to anybody; what was declined stays declined. */
export const forgettingShown = (recall: Recall): Recall => ({ ...recall, shownAt: () => undefined });

/** When and for whom cards are to be said. */
export interface Occasion {
  readonly hook: string;
  readonly now: Date;
  /** Without a user nothing is remembered. */
  readonly userKey?: string;
  readonly encounterKey?: string;
  /** Civil date `YYYY-MM-DD` where the service stands. */
  readonly civilDate: (at: Date) => string;
}

/** What becomes of each card. */
export interface Said {
  /** In their final form: the last one names what has no card of its own. */
  readonly shown: readonly KnownCard[];
  /** Beyond the number of cards that are shown: named in the last one. */
  readonly folded: readonly KnownCard[];
  /** Shown to this user a short while ago: a line in the last card. */
  readonly repeated: readonly KnownCard[];
  /** Declined, and nothing has changed since. */
  readonly declined: readonly KnownCard[];
  /** To be remembered as shown to this user. */
  readonly remember: readonly KnownCard[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The hook of opening a chart: there nothing is being done, and what was said can wait. */
const OPENING = 'patient-view';

/** Names in settings.yaml; 0 switches each off. */
const settingNames = {
  declinedInfo: 'declinedCardDays',
  declinedWarning: 'declinedWarningHours',
  repeatedInfo: 'repeatedInfoDays',
  repeatedWarning: 'repeatedWarningHours',
} as const satisfies Readonly<Record<string, EngineSetting>>;

/** The span of time of each setting, in ms. */
type Spans = Readonly<Record<keyof typeof settingNames, number>>;

function spansOf({ knowledge: { settings } }: Prepared): Spans {
  const value = (name: string): number => settings.get(name)?.value ?? 0;
  return {
    declinedInfo: value(settingNames.declinedInfo) * DAY_MS,
    declinedWarning: value(settingNames.declinedWarning) * HOUR_MS,
    repeatedInfo: value(settingNames.repeatedInfo) * DAY_MS,
    repeatedWarning: value(settingNames.repeatedWarning) * HOUR_MS,
  };
}

/** A limit to the moment still counts. */
const isWithin = (at: Date, span: number, now: Date): boolean =>
  span > 0 && now.getTime() - at.getTime() <= span;

/** A contraindication that is being ordered, and an emergency, are said whoever has declined them. */
function isDeclined(
  { made, subjectKey }: KnownCard,
  recall: Recall,
  occasion: Occasion,
  spans: Spans,
): boolean {
  const { indicator } = made.card;
  if (indicator === 'critical' || isContraindication(made)) return false;
  const { now, userKey, encounterKey } = occasion;
  return recall
    .declinesOf(subjectKey)
    .filter((each) => each.userKey === undefined || each.userKey === userKey)
    .some(({ at, encounterKey: where }) =>
      indicator === 'info'
        ? isWithin(at, spans.declinedInfo, now)
        : isWithin(at, spans.declinedWarning, now) ||
          (spans.declinedWarning > 0 && where !== undefined && where === encounterKey),
    );
}

const isContraindication = ({ outcomes }: MadeCard): boolean =>
  outcomes.some(({ kind, rule }) => kind === 'fires' && rule.alwaysSaid === true);

/** When the card was shown, if that is so recent that it is no card again. */
function saidAt(
  { made, subjectKey }: KnownCard,
  recall: Recall,
  { hook, now, userKey }: Occasion,
  spans: Spans,
): Date | undefined {
  const { indicator } = made.card;
  if (hook !== OPENING || userKey === undefined || indicator === 'critical') return undefined;
  const at = recall.shownAt(userKey, subjectKey);
  const span = indicator === 'info' ? spans.repeatedInfo : spans.repeatedWarning;
  return at !== undefined && isWithin(at, span, now) ? at : undefined;
}

/**
 * What is said of the cards that were made, after what was shown and declined before: cards and memory → cards and what is
 * to be remembered. Pure. Where every card was said before, nothing is.
 */
export function say(
  prepared: Prepared,
  service: PreparedService,
  language: Language,
  cards: readonly KnownCard[],
  recall: Recall,
  occasion: Occasion,
  context: AnswerContext,
): Said {
  const spans = spansOf(prepared);
  const declined = cards.filter((card) => isDeclined(card, recall, occasion, spans));
  const wanted = cards.filter((card) => !declined.includes(card));
  const dates = new Map(
    wanted.flatMap((card) => {
      const at = saidAt(card, recall, occasion, spans);
      return at === undefined ? [] : [[card, occasion.civilDate(at)] as const];
    }),
  );
  const fresh = wanted.filter((card) => !dates.has(card));
  const keys = new Map(fresh.map(({ made, subjectKey }) => [made.card.uuid, subjectKey]));
  const limited = shownCards(
    prepared,
    service,
    fresh.map(({ made }) => made),
    language,
    context,
  ).flatMap((made) => {
    const subjectKey = keys.get(made.card.uuid);
    return subjectKey === undefined ? [] : [{ made, subjectKey }];
  });
  const shownIds = new Set(limited.map(({ made }) => made.card.uuid));
  return {
    shown: withSaidBefore(limited, dates, wordingOf(prepared, language)),
    folded: fresh.filter(({ made }) => !shownIds.has(made.card.uuid)),
    repeated: [...dates.keys()],
    declined,
    remember: occasion.hook === OPENING && occasion.userKey !== undefined ? limited : [],
  };
}

/** The last card with one line for each that was said before. */
function withSaidBefore(
  cards: readonly KnownCard[],
  dates: ReadonlyMap<KnownCard, string>,
  wording: Wording,
): readonly KnownCard[] {
  const last = cards.at(-1);
  if (last === undefined || dates.size === 0) return cards;
  const lines = [...dates].map(([{ made }, date]) => {
    const day = epochDayOf(date);
    return `- ${wording.phrase('said-before', { day: wording.day({ from: day, to: day }), title: made.card.summary })}`;
  });
  const { made, subjectKey } = last;
  const detail = aboveSource(made.card.detail ?? '', lines.join('\n'));
  return [...cards.slice(0, -1), { subjectKey, made: { ...made, card: { ...made.card, detail } } }];
}
