import type { Resource, ValueSet } from 'fhir/r4.js';
import type { Graph } from './reads.js';
import type { Bases } from './canonical-base.js';
import type { Catalogues } from './catalogues.js';
import type { PrognosisCriterion } from './types.js';
import type {
  BodySite,
  CdsServiceDefinition,
  Combination,
  Guideline,
  Input,
  LocalOrder,
  Orders,
  OverrideReason,
  Plan,
  Rule,
  Score,
  Setting,
  SpokenLanguage,
  Text,
} from './types.js';

export type NamedInput = Input & { readonly name: string };

export interface Recommendation {
  readonly id: string;
  /** The guideline's section (`3.4`), or where another source says it. */
  readonly section: string | Text;
  /** The first edition that holds it. */
  readonly edition: string;
  readonly title: Text;
}

/** What became of a recommendation: a rule of its own, text inside a rule's card, or no alert and why. */
export type Coverage =
  | { readonly rule: string }
  | { readonly within: string; readonly how: 'detail' | 'suggestion' }
  | { readonly none: Text };

/** A folder of rules, as readers know it. */
export interface Topic {
  readonly title: Text;
  /** First letters of the recommendations that belong here when no rule carries them out. */
  readonly series?: readonly string[];
}

/** A FHIR resource used to build the charts of examples. */
export type Fragment = Readonly<Record<string, unknown>> & {
  readonly resourceType: Resource['resourceType'];
};

/** One thing that a hospital has changed, for the log at start-up and the catalogue. */
export interface Override {
  readonly kind: 'setting' | 'value-set' | 'rule' | 'text' | 'order';
  /** Setting name, value set id, rule id, or `<rule id>.<text>.<language>`. */
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly reason?: string;
}

/** All artifacts, checked, with a hospital's overrides applied, frozen. Maps keep the order of the files. */
export interface Knowledge extends Bases {
  /** The languages that it is said in, English first. */
  readonly languages: readonly SpokenLanguage[];
  readonly guideline: Guideline;
  /** Words of pages and reports by language, then by catalogue; of what has not been translated there are none. */
  readonly catalogues: Catalogues;
  readonly services: ReadonlyMap<string, CdsServiceDefinition>;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly scores: ReadonlyMap<string, Score>;
  readonly inputs: ReadonlyMap<string, NamedInput>;
  /** What each input and score reads. */
  readonly graph: Graph;
  readonly settings: ReadonlyMap<string, Setting>;
  readonly valueSets: ReadonlyMap<string, ValueSet>;
  /** Before a hospital's overrides: what our own code systems hold does not depend on them. */
  readonly shippedValueSets: ReadonlyMap<string, ValueSet>;
  /** Words for what a value set is about, in any language, by its id. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** What codes, or a code and a place, say together. */
  readonly combinations: readonly Combination[];
  readonly bodySites: ReadonlyMap<string, BodySite>;
  /** How a laboratory may spell a unit → its UCUM code. */
  readonly unitSpellings: ReadonlyMap<string, string>;
  /** Fixed words of cards, by key. */
  readonly phrases: ReadonlyMap<string, Text>;
  readonly overrideReasons: ReadonlyMap<string, OverrideReason>;
  readonly fragments: ReadonlyMap<string, Fragment>;
  readonly recommendations: ReadonlyMap<string, Recommendation>;
  readonly coverage: ReadonlyMap<string, Coverage>;
  /** Criteria of a better functional prognosis after spinal surgery, by id. */
  readonly functionalPrognosis: ReadonlyMap<string, PrognosisCriterion>;
  readonly orders: Orders;
  /** A hospital's own codes for orders, by value set. */
  readonly localOrders: ReadonlyMap<string, LocalOrder>;
  /** Kinds of advice and what they yield to. */
  readonly plan: Plan;
  readonly topics: ReadonlyMap<string, Topic>;
  /** Rule id → topic id. */
  readonly topicOfRule: ReadonlyMap<string, string>;
  readonly overrides: readonly Override[];
}
