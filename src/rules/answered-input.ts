import type { EngineSetting } from '../knowledge/engine-settings.js';
import type { Fact } from '../chart/chart.js';
import { addCalendar, daySpan, type DaySpan } from '../chart/dates.js';
import { text } from '../chart/element.js';
import { newestOnTop } from '../chart/newest.js';
import type { NamedInput } from '../knowledge/knowledge.js';
import { selectionsAnywhere, selectionsOfParts } from '../knowledge/acts.js';
import type { AnsweredInput, Scope, Selection, Setting } from '../knowledge/types.js';
import type { Case, InputReader, Subject } from './case.js';
import { gap, type Gap } from './gap.js';
import { isSited, placesLost } from './order-site.js';
import {
  calendarUnit,
  oldestDay,
  select,
  thawed,
  worst,
  type Match,
  type Selected,
  type SelectionContext,
} from './select.js';
import { absentKeys, placing } from './selected-input.js';
import { absent, known, unknown, type Value } from './value.js';

/** Settings by which a request without a result grows old. */
const openRequest: EngineSetting = 'openRequestMaxAge';
const emergencyRequest: EngineSetting = 'emergencyRequestMaxAge';

/** Whether an act answers, may answer (its day or its place is not known), or does not. */
type Answers = 'yes' | 'perhaps' | 'no';

/** The days on which the question may have been raised; undefined: nothing dates it. */
interface Finding {
  readonly day: DaySpan | undefined;
  /** Keys and inputs without which it is not known what was found, or when. */
  readonly missing: readonly Gap[];
  /** What may be the finding, and cannot be read. */
  readonly unread: readonly Fact[];
}

/**
 * Compiles an input that asks whether a finding was answered. True: something of the day of the finding or later was done or
 * asked for, or something earlier that still holds. Unknown: what could have answered it could not be had, bears no date, or
 * cannot be read.
 * @param scope what it is about
 */
export function compileAnswered(input: NamedInput & AnsweredInput, scope: Scope): InputReader {
  const anywhere = thawed(selectionsAnywhere(input));
  const types = anywhere.map(({ type }) => type);
  const findings = input.finding ?? [];
  const isPlaced = input.sameSite === true || input.aimed !== undefined;
  // What may answer is looked for once in a chart; where it lies, beside each lesion or order.
  const foundBy = (selection: readonly Selection[], subject: Subject, of: Case): Selected => {
    let found = of.found.get(selection);
    if (found === undefined) {
      const { certain, possible } = select(selection, placing(subject, of, scope));
      found = { certain: newest(certain), possible: newest(possible) };
      of.found.set(selection, found);
    }
    return found;
  };
  const placed = (found: Selected, subject: Subject, of: Case): Selected =>
    isPlaced ? placedAmong(found, input, placing(subject, of, scope)) : found;
  const inChart = (subject: Subject, of: Case): Selected => foundBy(anywhere, subject, of);
  const facts = (subject: Subject, of: Case): Selected => placed(inChart(subject, of), subject, of);
  const parts = selectionsOfParts(input).map(thawed);
  const inParts = (subject: Subject, of: Case): readonly Selected[] =>
    parts.map((part) => placed(foundBy(part, subject, of), subject, of));
  const value = (subject: Subject, of: Case, valueOf: (name: string) => Value): Value => {
    const { certain, possible } = facts(subject, of);
    const byParts = inParts(subject, of);
    const keys = absentKeys(types, of);
    if ([{ certain, possible }, ...byParts].every(isNothing))
      return keys.length > 0 ? absent('boolean', keys) : known([false]);
    const finding = findings.length === 0 ? undefined : findingOf(findings.map(valueOf), of);
    const judged = new Map<Fact, Answers>();
    const judge = (fact: Fact): Answers => {
      let judgement = judged.get(fact);
      if (judgement === undefined)
        judged.set(fact, (judgement = answers(fact, input, finding, subject, of, valueOf)));
      return judgement;
    };
    const those = (wanted: Answers): readonly Fact[] => certain.filter((fact) => judge(fact) === wanted);
    if (certain.some((fact) => judge(fact) === 'yes')) return known([true], () => those('yes'));
    const together = allParts(byParts, input, of, judge);
    if (together.answer === 'yes') return known([true], together.facts);
    const perhaps = [
      ...those('perhaps'),
      ...possible.filter((fact) => judge(fact) !== 'no'),
      ...(together.answer === 'perhaps' ? together.facts : []),
    ];
    if (perhaps.length > 0) {
      const then = input.earlierWithin === undefined ? [] : assessmentKeys(of);
      const where = input.sameSite === true ? placesLost(perhaps, subject, of) : [];
      const found = finding?.missing ?? [];
      const looked = [...new Set([...(finding?.unread ?? []), ...perhaps])];
      return unknown([...new Set([...keys, ...then, ...where, ...found, gap('input', input.name)])], looked);
    }
    if (keys.length > 0) return absent('boolean', keys);
    const { certain: all } = inChart(subject, of);
    if (all.length === mostActs) return unknown([gap('input', input.name)]);
    // What was done or asked for, and does not answer: the card may name it.
    return known([false], () => those('no'));
  };
  return { value, facts };
}

/** So many acts are judged, the newest; no patient has as many of one kind, and beyond them it stays open what an older one answers. */
const mostActs = 200;

const newest = (facts: readonly Fact[]): readonly Fact[] => newestOnTop(facts).slice(0, mostActs);

const isNothing = ({ certain, possible }: Selected): boolean => certain.length + possible.length === 0;

interface Together {
  readonly answer: Answers;
  readonly facts: readonly Fact[];
}

const noParts: Together = { answer: 'no', facts: [] };

/** Whether there is one act of each part within the setting; that of which the day is not known may be one. */
function allParts(
  parts: readonly Selected[],
  { parts: written, emergency }: AnsweredInput,
  of: Case,
  judge: (fact: Fact) => Answers,
): Together {
  const limit = written === undefined ? undefined : of.settings.get(written.within);
  if (limit === undefined || parts.some(isNothing)) return noParts;
  const acts = parts.map(({ certain, possible }) => [
    ...certain.map((fact) => ({ fact, answer: judge(fact), day: dayOfAct(fact, emergency === true, of) })),
    ...possible.map((fact) => ({
      fact,
      answer: lesser(judge(fact), 'perhaps'),
      day: dayOfAct(fact, emergency === true, of),
    })),
  ]);
  const firsts = [...new Set(acts.flat().map(({ day }) => day?.from))];
  const tries = firsts.map((first): Together => {
    const chosen = acts.map((part) => {
      const near = part.flatMap(({ fact, answer, day }) => {
        const isNear = first === undefined || day === undefined ? 'perhaps' : isAmong(day, first, limit);
        return isNear === 'no' ? [] : [{ fact, answer: lesser(answer, isNear) }];
      });
      return near.find(({ answer }) => answer === 'yes') ?? near.find(({ answer }) => answer === 'perhaps');
    });
    if (chosen.includes(undefined)) return noParts;
    const found = chosen.flatMap((each) => each ?? []);
    return {
      answer: found.every(({ answer }) => answer === 'yes') ? 'yes' : 'perhaps',
      facts: newestOnTop([...new Set(found.map(({ fact }) => fact))]),
    };
  });
  return (
    tries.find(({ answer }) => answer === 'yes') ??
    tries.find(({ answer }) => answer === 'perhaps') ??
    noParts
  );
}

/** Of two answers the one that says less. */
function lesser(one: Answers, other: Answers): Answers {
  if (one === 'no' || other === 'no') return 'no';
  return one === 'yes' ? other : one;
}

/** Whether a day is the first of the parts or so soon after it. */
function isAmong(day: DaySpan, first: number, limit: Setting): Answers {
  const last = addCalendar(first, limit.value, calendarUnit(limit.unit));
  if (day.from < first || day.from > last) return 'no';
  return day.to <= last ? 'yes' : 'perhaps';
}

/** The day of what was done, or on which it was asked for. */
function dayOfAct(fact: Fact, emergency: boolean, of: Case): DaySpan | undefined {
  if (fact.draft) return { from: of.today, to: of.today };
  return fact.state === 'ordered' ? dayOfRequest(fact, emergency) : fact.when().end;
}

/** Of what was found, what lies beside the lesion or order at hand, or is aimed at it. */
function placedAmong(
  { certain, possible }: Selected,
  { sameSite, aimed }: AnsweredInput,
  at: SelectionContext,
): Selected {
  const placed = (fact: Fact): Match =>
    worst(
      sameSite === true ? (at.atOrder?.(fact) ?? 'possible') : 'yes',
      aimed === undefined ? 'yes' : (at.isAimed?.(fact, aimed) ?? 'possible'),
    );
  const there: Fact[] = [];
  const perhaps: Fact[] = [];
  for (const fact of certain) {
    const match = placed(fact);
    if (match !== 'no') (match === 'yes' ? there : perhaps).push(fact);
  }
  const open = possible.filter((fact) => placed(fact) !== 'no');
  return { certain: there, possible: perhaps.length === 0 ? open : newestOnTop([...perhaps, ...open]) };
}

function answers(
  fact: Fact,
  input: AnsweredInput,
  finding: Finding | undefined,
  subject: Subject,
  of: Case,
  valueOf: (name: string) => Value,
): Answers {
  if (fact.draft) return 'yes';
  const requested = fact.state === 'ordered';
  const day = dayOfAct(fact, input.emergency === true, of);
  if (day === undefined) return 'perhaps';
  const limit = requested ? (input.emergency === true ? emergencyRequest : openRequest) : input.within;
  const fresh = lesser(
    isWithin(requested && input.emergency !== true ? lastOpen(fact, day) : day, limit, of),
    input.unsitedWithin === undefined || requested || isSited(fact, of)
      ? 'yes'
      : isWithin(day, input.unsitedWithin, of),
  );
  if (fresh === 'no') return 'no';
  const since = finding === undefined ? 'yes' : isSinceFinding(day, finding, input, of);
  if (since !== 'no') return since === 'yes' ? fresh : since;
  const held = stillHolds(day, input, subject, of, valueOf);
  return held === 'yes' ? fresh : held;
}

/** The day on which an order was written; of an appointment the day on which it takes place, in an emergency that on which it was made. */
function dayOfRequest(fact: Fact, emergency: boolean): DaySpan | undefined {
  const { resource } = fact;
  const { start, end } = fact.when();
  const written = daySpan(text(resource['authoredOn']));
  const made = daySpan(text(resource['created']));
  return emergency ? (written ?? made ?? start ?? end) : (written ?? start ?? end ?? made);
}

/** A request for a later day is open until then. */
function lastOpen(fact: Fact, written: DaySpan): DaySpan {
  const { start, end } = fact.when();
  const planned = start ?? end;
  return planned !== undefined && planned.from > written.from ? planned : written;
}

function isWithin(day: DaySpan, limit: string | undefined, of: Case): Answers {
  const setting = limit === undefined ? undefined : of.settings.get(limit);
  if (setting === undefined) return 'yes';
  const oldest = oldestDay(setting, of.today);
  if (day.from >= oldest) return 'yes';
  return day.to < oldest ? 'no' : 'perhaps';
}

function isSinceFinding(act: DaySpan, finding: Finding, input: AnsweredInput, of: Case): Answers {
  const { day } = finding;
  // A newer finding among what could not be had or read would only come later still.
  if (day !== undefined && act.to < day.from) return 'no';
  if (finding.missing.length > 0) return 'perhaps';
  if (day === undefined) return input.emergency === true && act.from < of.today ? 'perhaps' : 'yes';
  return act.from >= day.to ? 'yes' : 'perhaps';
}

/**
 * The newest day of what raises the question. An examination without a date may be of today; a diagnosis without one says
 * nothing beside a dated fact. What only may be the finding may make it later, and never dates it.
 */
function findingOf(values: readonly Value[], of: Case): Finding {
  const { today } = of;
  const open = values.filter((value) => value.absent !== undefined);
  const facts = values
    .filter(
      (value) => value.absent === undefined && (value.possible.length !== 1 || value.possible[0] !== false),
    )
    .flatMap((value) => value.facts);
  const days = facts.flatMap((fact) => foundOn(fact, today) ?? []);
  const openDays = open.flatMap((value) => value.facts.flatMap((fact) => foundOn(fact, today) ?? []));
  const unread = open.flatMap((value) => value.facts.filter(({ possibleSets }) => possibleSets.size > 0));
  // A newer one may be among what could not be had.
  const missing = [
    ...open.flatMap((value) =>
      value.facts.some((fact) => foundOn(fact, today) === undefined) || value.facts.length === 0
        ? value.missing
        : value.missing.filter(({ kind }) => kind === 'data'),
    ),
    ...facts.flatMap(({ type }) => of.missingData(type) ?? []),
  ];
  if (days.length + openDays.length === 0) return { day: undefined, missing, unread };
  const undatedResult = facts.some(
    (fact) => fact.type === 'Observation' && foundOn(fact, today) === undefined,
  );
  const from = Math.max(...days.map((day) => day.from));
  const to = Math.max(...[...days, ...openDays].map((day) => day.to));
  return { day: { from, to: undatedResult ? Math.max(to, today) : to }, missing, unread };
}

function foundOn(fact: Fact, today: number): DaySpan | undefined {
  return fact.draft ? { from: today, to: today } : fact.when().end;
}

/** Whether an act before the finding still answers it: recent enough, and nothing is worse than it was on its day. That is open where the chart was not read as of that day. */
function stillHolds(
  day: DaySpan,
  { emergency, earlierWithin, finding = [] }: AnsweredInput,
  subject: Subject,
  of: Case,
  valueOf: (name: string) => Value,
): Answers {
  if (emergency === true || earlierWithin === undefined) return 'no';
  if (isWithin(day, earlierWithin, of) !== 'yes') return 'no';
  const then = of.asOf(day.to, subject);
  if (then === 'not-read') return 'perhaps';
  const isSame =
    then !== 'not-on-record' &&
    finding.every((name) => isNoWorse(of.severities(name, valueOf(name)), of.severities(name, then(name))));
  if (isSame) return 'yes';
  // What was found then may stand in what could not be had.
  return assessmentKeys(of).length > 0 ? 'perhaps' : 'no';
}

const assessments: readonly string[] = ['Observation', 'Condition', 'BodyStructure'];

const assessmentKeys = (of: Case): readonly Gap[] =>
  assessments.flatMap((type) => of.missingData(type) ?? []);

/** Of two sets of possible severities (higher is worse): whether the first is certainly no worse than the second. */
function isNoWorse(now: readonly number[] | undefined, then: readonly number[] | undefined): boolean {
  if (now === undefined || then === undefined || now.length === 0 || then.length === 0) return false;
  return Math.max(...now) <= Math.min(...then);
}
