import type { Chart, Fact } from '../chart/chart.js';
import type { Lesion } from '../chart/lesions.js';
import type { SiteIndex } from '../chart/sites.js';
import type { UnitSpellings } from '../chart/unit-spellings.js';
import type { NamedInput } from '../knowledge/knowledge.js';
import type { Scope, Selection, Setting } from '../knowledge/types.js';
import type { Gap } from './gap.js';
import type { ScoreResult } from './scored.js';
import type { Selected } from './select.js';
import type { Value } from './value.js';

/** What a rule or a score is being asked about: the patient, one lesion, or one order. */
export interface Subject {
  readonly lesion?: Lesion;
  readonly item?: Fact;
  /** Lesions of the kind that the rule or score is about; an unlocated Observation belongs to the only one. */
  readonly eligible: readonly Lesion[];
}

/** One patient's request, as inputs see it. */
export interface Case {
  readonly chart: Chart;
  readonly lesions: readonly Lesion[];
  /** Problems of which only the words name a bone metastasis: none of the lesions, and no proof that there are no more. */
  readonly lesionsInWords: readonly Fact[];
  readonly sites: SiteIndex;
  readonly settings: ReadonlyMap<string, Setting>;
  readonly spellings: UnitSpellings;
  readonly today: number;
  /** Whether a code system is one of the project's own: an answer in one of them is preferred. */
  isOwnSystem(system: string): boolean;
  /** What has been selected in this chart so far. */
  readonly found: Map<readonly Selection[], Selected>;
  /** The prefetch key of a resource type that could not be had, wholly or in part; undefined when it was. */
  missingData(resourceType: string): Gap | undefined;
  /** The prefetch key under which a resource type is asked for. */
  keyOf(resourceType: string): string;
  /** Inputs as they would have been read at the end of an epoch day; of more days than are looked back to, none is read. */
  asOf(day: number, subject: Subject): ((name: string) => Value) | 'not-on-record' | 'not-read';
  /** How grave the possible values of an input are (higher is worse); undefined where they have no order. */
  severities(name: string, value: Value): readonly number[] | undefined;
  /** The prefetch key of the first of these types where the EHR keeps all of them elsewhere; undefined otherwise. */
  notKept(resourceTypes: readonly string[]): Gap | undefined;
  /** The result of a score, for the lesion or the patient; undefined where it does not apply. */
  scoreOf(score: string, lesion: Lesion | undefined): ScoreResult | undefined;
  /** False for a draft that the user has not selected: it is background (CTX-5). */
  isAimedAt(fact: Fact): boolean;
  /** The same object for the same lesion, order or patient, so that values are worked out once. */
  subjectOf(subject: Subject): Subject;
  /**
   * The lesions among which facts are dealt out with the same result as among these: one without a place changes nothing where
   * two others have one. The same list for many, so that facts are dealt out once.
   */
  dealtAmong(eligible: readonly Lesion[]): readonly Lesion[];
  /** Lesions of which at least one place may be in the sites; all of them when no sites are named. */
  lesionsAt(sites: readonly string[] | undefined): readonly Lesion[];
}

/** How an input is read from a case. */
export interface InputReader {
  value(subject: Subject, of: Case, valueOf: (name: string) => Value): Value;
  /** The facts themselves, for rules that take them one by one. */
  facts(subject: Subject, of: Case): Selected;
}

export interface CompiledInput extends InputReader {
  readonly input: NamedInput;
  /** Its place among all inputs: where its value is kept. */
  readonly index: number;
  readonly scope: Scope;
}

export type Inputs = ReadonlyMap<string, CompiledInput>;
