import type { Card, Indicator, Link } from '../cds-hooks/types.js';
import { gathering, inOrder, isOfLesions, ranked as inRank, saidOnce, topicOf } from './order.js';
import { ownSystemsAt } from '../knowledge/canonical-base.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import { placeholdersOf } from '../knowledge/placeholders.js';
import { sourcesOf } from '../knowledge/source-values.js';
import type { LinkTemplate, SuggestionTemplate, Text, UnreadTemplate } from '../knowledge/types.js';
import { lookedAt, type Outcome } from '../rules/evaluate.js';
import { namesOf, type Gap } from '../rules/gap.js';
import type { ScoreResult } from '../rules/scored.js';
import { linksOf, suggestionsOf, type CardContext } from './actions.js';
import { mostEvidence, sentencesOf, writeDetail, type Parts } from './detail.js';
import { evidenceLines, scoreLine, scoreNotes, scoreTable } from './evidence.js';
import { guardLines } from './guards.js';
import { cut, withoutEscapes } from './markdown.js';
import { scoreJson } from './score-json.js';
import { selectionOf, uniqueSuggestions } from './selection.js';
import { missingInWords, placesOf } from './values.js';
import { WordingError, type Wording } from './wording.js';
import type { MadeCard, OwnExtension } from './made-card.js';
import { textIn } from '../text.js';

/** A summary must have fewer than 140 characters (CARD-2). */
const longestSummary = 139;

/**
 * Outcomes → cards, the most important first. Outcomes of one fold about one subject become one card; what is
 * unknown is told only where the rule asks for it, and never beside the same advice given for certain.
 */
export function makeCards(
  outcomes: readonly Outcome[],
  context: CardContext,
  knowledge: Knowledge,
  wording: Wording,
): readonly MadeCard[] {
  const groups = new Map<string, Outcome[]>();
  const subjects = new Map<object, number>();
  const told = saidOnce(outcomes.filter(isTold));
  const isGathered = gathering(told, knowledge.settings);
  for (const outcome of told) {
    const about = isGathered(outcome) ? undefined : (outcome.subject.item ?? outcome.subject.lesion);
    if (about !== undefined && !subjects.has(about)) subjects.set(about, subjects.size);
    const subject = about === undefined ? '' : String(subjects.get(about));
    const key = outcome.card ?? `${topicOf(outcome)}|${subject}|${outcome.kind}`;
    groups.set(key, [...(groups.get(key) ?? []), outcome]);
  }
  return inOrder(
    [...groups.values()].flatMap((group) => wordedCard(group, context, knowledge, wording)),
    knowledge.plan,
  );
}

/** Whether an outcome becomes a card: it fires, or its rule asks to tell what could not be known. */
export function isTold(outcome: Outcome): boolean {
  const { kind, applies, rule } = outcome;
  if (kind === 'fires') return true;
  if (kind !== 'unknown' || !applies) return false;
  if (rule.whenUnknown === 'to-complete') return asksToComplete(outcome);
  if (rule.whenUnknown === 'entry') return outcome.inWordsOnly !== undefined;
  return rule.whenUnknown === 'card' || inWordsTemplate(outcome) !== undefined;
}

/** Whether an outcome only asks for the missing items of a score. */
export function asksToComplete({ kind, missing, scores }: Outcome): boolean {
  return (
    kind === 'unknown' &&
    missing.length > 0 &&
    missing.every(
      ({ kind: of, name }) => of === 'item' && scores.some((score) => score.missing.includes(name)),
    )
  );
}

/** Its rule's own words where only the words of the order say what it is. */
const inWordsTemplate = ({ inWords, rule }: Outcome): UnreadTemplate | undefined =>
  inWords === true ? rule.inWords : undefined;

/** A card whose words cannot be made is told to the caller and left out: it must not cost the other cards. */
function wordedCard(
  group: readonly Outcome[],
  context: CardContext,
  knowledge: Knowledge,
  wording: Wording,
): readonly MadeCard[] {
  try {
    return [makeCard(group, context, knowledge, wording)];
  } catch (error) {
    if (context.cardFailed === undefined) throw error;
    for (const { rule } of group)
      context.cardFailed(rule.id, error instanceof WordingError ? error.message : 'CARD_FAILED');
    return [];
  }
}

const indicatorOf = (outcome: Outcome): Indicator =>
  outcome.kind === 'unknown' || unreadTemplate(outcome) !== undefined ? 'info' : outcome.rule.card.indicator;

/** Its rule's own words where an entry that may be the answer cannot be read. */
const unreadTemplate = ({ kind, unread, rule }: Outcome): UnreadTemplate | undefined =>
  kind === 'fires' && unread.length > 0 ? rule.unread : undefined;

/** What the rule says for this outcome; undefined where it has no words for what is unknown. */
const messageOf = (outcome: Outcome): UnreadTemplate | undefined =>
  inWordsTemplate(outcome) ??
  (outcome.kind === 'unknown' ? outcome.rule.unknown : (unreadTemplate(outcome) ?? outcome.rule.card));

function makeCard(
  group: readonly Outcome[],
  context: CardContext,
  knowledge: Knowledge,
  wording: Wording,
): MadeCard {
  const ranked = inRank(group, indicatorOf, knowledge.plan);
  const [lead] = ranked;
  if (lead === undefined) throw new RangeError('a card needs an outcome');
  const recommendations = [...new Set(ranked.flatMap((outcome) => outcome.recommendations))];
  const missing = [...new Set(ranked.flatMap((outcome) => outcome.missing))];
  const unchecked = [...new Set(ranked.flatMap((outcome) => outcome.unchecked))].sort();
  const scores = uniqueScores(ranked);
  const suggestions = uniqueSuggestions(
    ranked.flatMap((outcome) => suggestionsOf(suggestionTemplates(outcome), outcome, context, wording)),
  );
  // Several lesions with the same gap: the table and the form are those of the gravest, the others are named.
  const shown = isOfLesions(ranked) ? [lead] : ranked;
  const links = uniqueLinks(
    shown.flatMap((outcome) => linksOf(linkTemplates(outcome), outcome, context, wording)),
  );
  const offered = [...knowledge.overrideReasons.values()].flatMap(({ code, everywhere }) =>
    everywhere ? [code] : [],
  );
  const reasons = [
    ...new Set([...ranked.flatMap(({ rule }) => rule.card.overrideReasons ?? []), ...offered]),
  ].flatMap((code) => knowledge.overrideReasons.get(code) ?? []);
  const [topic = lead.rule.id] = recommendations;
  const parts = partsOf(ranked, uniqueScores(shown), missing, knowledge, wording);
  const detail = (said: Set<string>, tables: boolean, remarks: readonly string[] = []): string =>
    writeDetail({ ...parts, unchecked: [...parts.unchecked, ...remarks] }, said, tables);
  const own: OwnExtension = {
    rule: lead.rule.id,
    version: lead.rule.version,
    recommendations,
    outcome: lead.kind,
    ...(missing.length > 0 && { missing: namesOf(missing) }),
    ...(unchecked.length > 0 && { unchecked }),
    ...(scores.length > 0 && { scores: scores.map(scoreJson) }),
  };
  const card: Card = {
    uuid: context.newId(),
    summary: summaryOf(lead, knowledge, wording),
    indicator: indicatorOf(lead),
    detail: detail(new Set(), context.tables === true),
    source: {
      label: wording.typeset(textIn(knowledge.guideline.title, wording.language)),
      url: `${context.publicBaseUrl}/guideline/${lead.rule.id}`,
      topic: {
        system: `${ownSystemsAt(knowledge.canonicalBase)}recommendation`,
        code: topic,
        display: wording.typeset(
          textIn(knowledge.recommendations.get(topic)?.title, wording.language) ?? topic,
        ),
      },
    },
    ...selectionOf(
      suggestions,
      ranked.some(({ rule }) => rule.card.selectionBehavior === 'at-most-one'),
    ),
    ...(links.length > 0 && { links }),
    ...(reasons.length > 0 && {
      overrideReasons: reasons.map(({ code, display }) => ({
        system: `${ownSystemsAt(knowledge.canonicalBase)}override-reason`,
        code,
        display: wording.typeset(textIn(display, wording.language)),
      })),
    }),
    extension: { [knowledge.guideline.cardExtension]: own },
  };
  return { card, own, outcomes: ranked, detail, fingerprint: () => fingerprintOf(ranked) };
}

function uniqueScores(outcomes: readonly Outcome[]): readonly ScoreResult[] {
  return [...new Set(outcomes.flatMap(({ scores }) => scores))];
}

/** Where a link leads: its address, and for an app what it is opened on. */
export function placeOf(link: Link): string {
  return `${link.url} ${link.type === 'smart' ? (link.appContext ?? '') : ''}`;
}

/** One link to each place, whatever it is called. */
function uniqueLinks(links: readonly Link[]): readonly Link[] {
  return [...new Map([...links].reverse().map((link) => [placeOf(link), link])).values()].reverse();
}

function suggestionTemplates(outcome: Outcome): readonly SuggestionTemplate[] {
  const { kind, rule } = outcome;
  if (inWordsTemplate(outcome) !== undefined) return [];
  return (kind === 'unknown' ? rule.unknown?.suggestions : rule.card.suggestions) ?? [];
}

function linkTemplates({ kind, rule }: Outcome): readonly LinkTemplate[] {
  return (kind === 'unknown' ? rule.unknown?.links : undefined) ?? rule.card.links ?? [];
}

function fillFor(outcome: Outcome, template: Text, knowledge: Knowledge, wording: Wording): string {
  const text = textIn(template, wording.language);
  const filled = wording.fill(template, placesOf(outcome, placeholdersOf(text), knowledge, wording));
  // A drug's name opens a text in upper case, and is a common noun within it.
  return text.startsWith('{')
    ? filled.replace(/^\p{Ll}(?=\p{Ll})/u, (letter) => letter.toUpperCase())
    : filled;
}

function summaryOf(outcome: Outcome, knowledge: Knowledge, wording: Wording): string {
  const own = messageOf(outcome);
  const said =
    own === undefined
      ? wording.phrase('unknown-summary', { title: textIn(outcome.rule.title, wording.language) })
      : fillFor(outcome, own.summary, knowledge, wording);
  return cut(
    withoutEscapes(said)
      .replace(/[\t\n\r ]+/g, ' ')
      .trim(),
    longestSummary,
  );
}

function partsOf(
  outcomes: readonly Outcome[],
  scores: readonly ScoreResult[],
  missing: readonly Gap[],
  knowledge: Knowledge,
  wording: Wording,
): Parts {
  const [lead, ...others] = outcomes;
  const leading = lead === undefined ? undefined : bodyOf(lead, knowledge, wording);
  // What one card says of two rules alike («Not in hypercalcaemia») stands in it once.
  const said = new Set(sentencesOf(leading ?? ''));
  const unsaidOf = (text: string | undefined): string | undefined => {
    const sentences = sentencesOf(text?.replaceAll(/(?<!\s)\s*\n\s*/g, ' ') ?? '').filter(
      (each) => !said.has(each),
    );
    sentences.forEach((each) => said.add(each));
    return sentences.join(' ') === '' ? undefined : sentences.join(' ');
  };
  const siteOf = (result: ScoreResult): string | undefined => {
    const lesion = outcomes
      .flatMap(({ subject }) => subject.eligible)
      .find(({ reference }) => reference === result.lesion?.reference);
    return lesion === undefined ? result.lesion?.site : wording.asCommonNoun(wording.siteOf(lesion));
  };
  const evidence = [
    ...new Map(
      outcomes
        .flatMap((outcome) => evidenceLines(outcome, knowledge, wording))
        .map((each) => [each.line, each]),
    ).values(),
  ];
  // «Life expectancy: not documented» among the facts need not be said again as not known.
  const evident = new Set(
    evidence.length > mostEvidence ? [] : outcomes.flatMap(({ rule }) => rule.evidence ?? []),
  );
  const unnamed = missing.filter(({ kind, name }) => kind !== 'input' || !evident.has(name));
  const missingLine =
    unnamed.length === 0
      ? []
      : [
          wording.phrase('missing-line', {
            missing: wording.list(missingInWords(unnamed, knowledge, wording)),
          }),
        ];
  return {
    lead: leading,
    evidenceHeading: wording.phrase('evidence-heading'),
    evidence,
    absent: (titles) =>
      wording.phrase('absent-line', {
        titles: titles.reduce((sofar, next) => wording.phrase('facts-joined', { sofar, next })),
      }),
    scores: scores.map((result) => scoreLine(result, siteOf(result), knowledge, wording)),
    tables: () => scores.map((result) => scoreTable(result, siteOf(result), knowledge, wording)),
    thenHeading: wording.phrase('then-heading'),
    then: others.map((outcome) => ({
      title: summaryOf(outcome, knowledge, wording),
      text: unsaidOf(bodyOf(outcome, knowledge, wording)),
    })),
    caveats: [...new Set(scores.flatMap((result) => scoreNotes(result, knowledge, wording)))],
    unchecked: [...missingLine, ...guardLines(outcomes, knowledge, wording)],
    source: sourceLine(outcomes, wording),
  };
}

function bodyOf(outcome: Outcome, knowledge: Knowledge, wording: Wording): string | undefined {
  const template = messageOf(outcome)?.detail;
  return template === undefined ? undefined : fillFor(outcome, template, knowledge, wording).trim();
}

/** Where the advice comes from: each source once, with its sections. */
export function sourceLine(outcomes: readonly Outcome[], wording: Wording): string {
  const rules = outcomes.map(({ rule, recommendations }) => ({ ...rule, recommendations }));
  const said = sourcesOf(rules, wording.language).map(({ basis, places, several }) =>
    wording.phrase(`source-${basis}`, {
      several,
      places: places
        .map((place) => wording.phrase('source-place', { ...place }))
        .reduce((sofar, next) => wording.phrase('facts-joined', { sofar, next })),
    }),
  );
  return `*${said.join(' · ')}*`;
}

/** Rules and facts, without the patient: the caller adds the patient and hashes it with a key. */
function fingerprintOf(outcomes: readonly Outcome[]): string {
  const parts = outcomes.map(({ rule, kind, subject, judgements }) => [
    rule.id,
    kind,
    subject.item?.sets.values().next().value ?? '',
    subject.lesion?.reference ?? '',
    [...lookedAt({ judgements })].map(([name, { possible, facts }]) => [
      name,
      possible,
      facts.map(({ reference }) => reference).sort(),
    ]),
  ]);
  return JSON.stringify(parts);
}
