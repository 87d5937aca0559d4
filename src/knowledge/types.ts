/** Types of the knowledge artifacts in `cds-services/`. Their JSON Schemas stand in `cds-services/schemas/`. */

/** The code of a language that has a folder in `cds-services/languages/`; what comes from outside is checked against them. */
export type Language = string;

/** A language that the service speaks, as its `language.yaml` has it. */
export interface SpokenLanguage {
  readonly code: Language;
  /** What it calls itself. */
  readonly name: string;
  /** In whose manner numbers, dates and lists are written: `en-GB`. */
  readonly locale: string;
  /** What is written with a plain space → how the language sets it. */
  readonly typeset?: Readonly<Record<string, string>>;
  /** How the first day of a month is written: «1er». */
  readonly firstOfMonth?: string;
  /** Nouns keep their capital within a sentence. */
  readonly capitalNouns?: boolean;
}

/**
 * A sentence or label. The schema refuses an artifact that lacks English or French; what a further language lacks is said in
 * English (`textIn`).
 */
export interface Text {
  readonly en: string;
  readonly fr: string;
  readonly [language: Language]: string;
}

export type Indicator = 'info' | 'warning' | 'critical';

/** Name and purpose of one of our own code systems. */
export interface SystemTexts {
  readonly title: Text;
  readonly description: Text;
}

/** Our own code systems. */
export type SystemId = 'score' | 'finding' | 'order' | 'recommendation' | 'override-reason' | 'error';

/** Parts that the engine knows; each names the artifact that plays it. */
export interface Roles {
  /** Service that looks at the whole chart. */
  readonly review: string;
  /** Value set: a problem with such a code is a lesion. */
  readonly lesion: string;
  /** Value set: a problem with such a code is a lesion when it lies at one of the body sites. */
  readonly lesionWhenSited: string;
  /** Value sets of registries' results that say where there are lesions, and of the answers that mean these body sites. */
  readonly lesionSite: string;
  readonly lesionSiteHere: string;
}

/** Which guideline the artifacts carry out, in whose name it is published, and which artifact plays which part. */
export interface Guideline {
  readonly version: string;
  readonly id: string;
  /** As cards name it. */
  readonly title: Text;
  readonly published: {
    readonly title: Text;
    readonly publisher: string;
    /** URI. */
    readonly contact?: string;
  };
  readonly jurisdiction: { readonly system: string; readonly code: string; readonly display: Text };
  readonly copyright: Text;
  /** What the canonicals in the files begin with; a deployment may name another base. */
  readonly canonicalBase: string;
  /** Our member of a card's `extension`. */
  readonly cardExtension: string;
  /** Client id of the SMART app. */
  readonly smartClient: string;
  /** Years, the oldest first. */
  readonly editions: readonly string[];
  readonly roles: Roles;
  /** Value sets of the results on the sheet for the tumour board, by line. */
  readonly sheet: Readonly<Record<SheetLine, readonly string[]>>;
  readonly codeSystems: Readonly<Record<SystemId, SystemTexts>>;
  /** Whose the codes of a code system are. */
  readonly notices: readonly { readonly systems: readonly string[]; readonly text: Text }[];
}

/** Lines of the sheet for the tumour board that are filled from results. */
export type SheetLine = 'performance' | 'kidney' | 'calcium';

/** What a hospital may change: a number with unit and bounds, its meaning and where it comes from. */
export interface Setting {
  readonly value: number;
  readonly unit?: string;
  readonly min: number;
  readonly max: number;
  readonly text: Text;
  readonly source: Text;
}

/**
 * The life of a resource, read from its status. `ordered`: an active order, a draft of this request, a booked
 * appointment. `done`: completed, finished, final. `current`: an active condition or a drug being taken.
 * `past`: a condition or a drug that is over.
 */
/** `preliminary`: a result that is not final: nothing is decided by it, a card may name it. */
export type FactState = 'ordered' | 'done' | 'current' | 'past' | 'preliminary';

/** Which coded element of a resource a selection looks at. */
export type CodedElement = 'code' | 'bodySite' | 'reason' | 'category';

/** Where a selection looks: the patient's chart, the lesion at hand, the order at hand, or the request's drafts. */
export type Scope = 'patient' | 'lesion' | 'item';

/** What two codes, or a code and a place, say together: an MRI, and of the spine. */
export interface Combination {
  /** The value set that it is of then, and of the wider ones. */
  readonly is: string;
  /** The value set of the code that says too little alone. */
  readonly of: string;
  /** The value set of another code of the same resource. */
  readonly with?: string;
  /** Sites or regions, one of which holds the place. */
  readonly at?: readonly string[];
  /** Value sets of places that are no bones. */
  readonly in?: readonly string[];
}

/** Facts of one resource type whose code is in one of the value sets. */
export interface Selection {
  readonly type: string;
  readonly codes?: readonly string[];
  /** Value sets whose codes leave it open (lung cancer of unknown histology may be small-cell). */
  readonly possibly?: readonly string[];
  readonly element?: CodedElement;
  readonly state?: readonly FactState[];
  /** Name of a setting: not older than that, counted back from today. */
  readonly within?: string;
  /** Only drafts and context resources of this request, or only the chart; both when absent. */
  readonly from?: 'request' | 'chart';
  /** Only what lies where the order at hand is meant; what has no site leaves it open. */
  readonly sameSite?: boolean;
  /** Sites and regions: what lies certainly there, and nowhere else, does not count. */
  readonly notAt?: readonly string[];
  /** Value sets of places off the skeleton: what names such a place, and no bone, does not count. */
  readonly notIn?: readonly string[];
  /** Only what says where it lies, be it in words, or which lesion it is for. */
  readonly sited?: boolean;
  /** Only what is aimed at the lesion at hand, or at these problems. */
  readonly aimed?: Aim;
}

/**
 * What a treatment is aimed at: it is sited at the lesion at hand (or at a problem `at`) or at the vertebra beside it, or bears
 * no site and names it, or one of these `reasons`, as its reason. Where no such problem says where it lies, any site `within`.
 */
export interface Aim {
  /** Value sets of the problems that are treated; the lesion at hand when absent. */
  readonly at?: readonly string[];
  /** Value sets of reasons for which a treatment without a site is taken to be for it. */
  readonly reasons: readonly string[];
  /** Sites and regions. */
  readonly within?: readonly string[];
}

export type ReadAs =
  | 'exists'
  | 'ongoing'
  | 'count'
  | 'number'
  | 'highest'
  | 'answer'
  | 'boolean'
  | 'date'
  | 'first-date'
  | 'interval'
  | 'display';

interface InputBase {
  readonly title: Text;
  readonly scope?: Scope;
}

/** A variable made from selected facts. */
export interface SelectedInput extends InputBase {
  readonly kind: 'selected';
  readonly select: readonly Selection[];
  readonly read: ReadAs;
  /** UCUM unit that a number is brought to. */
  readonly unit?: string;
  /** g/mol, when mass and amount concentrations are both in use. */
  readonly molarMass?: number;
  /** What lies wholly outside cannot be true: more than 100 % of a vertebra, fewer than no metastases. Numbers or settings. */
  readonly min?: number | string;
  readonly max?: number | string;
  /** Another input for the same thing: while that one is known, it is no news that this one is not documented. */
  readonly alternativeTo?: string;
  /** FHIRPath over the selected resource; by default the value of an Observation. */
  readonly path?: string;
  /** Dated input: only facts of its day or later. */
  readonly since?: string;
  /** Dated input: only facts of its day or earlier; not older than the setting `reach` before it. */
  readonly until?: string;
  readonly reach?: string;
  /** first-date: of the newest course. Setting: a break longer than it begins another course of the same drug. */
  readonly courseBreak?: string;
  /** Setting: of a date, the day so long after it. */
  readonly plus?: string;
}

/** Kleene membership of the lesion's (or the order's) body sites in a list of site ids or regions. */
export interface SiteInput extends InputBase {
  readonly kind: 'site';
  readonly sites: readonly string[];
}

/** Number or presence of bone lesions, optionally in the given sites or regions; or the places of the lesion at hand. */
export interface LesionsInput extends InputBase {
  readonly kind: 'lesions';
  readonly read: 'exists' | 'count' | 'places';
  readonly sites?: readonly string[];
  /** Only lesions that the request records. */
  readonly from?: 'request';
}

/** FHIRPath over other inputs and settings; empty means unknown. */
export interface ExpressionInput extends InputBase {
  readonly kind: 'expression';
  readonly expression: string;
  readonly unit?: string;
  /** The value is an epoch day, shown as a date. */
  readonly date?: boolean;
}

/** Whole calendar units from one dated input to another, or to today. */
export interface ElapsedInput extends InputBase {
  readonly kind: 'elapsed';
  readonly from: string;
  readonly to?: string;
  readonly unit: 'h' | 'd' | 'wk' | 'mo' | 'a';
}

/** Whether what is known of another input lets it be both true and false: two clearances of one day on both sides of a limit. */
export interface UndecidedInput extends InputBase {
  readonly kind: 'undecided';
  readonly of: string;
}

/** Total or class of a score: of the lesion at hand, of the patient, or the highest over the lesions. */
export interface ScoreInput extends InputBase {
  readonly kind: 'score';
  readonly score: string;
  readonly part: 'total' | 'class';
  readonly over?: 'highest';
}

/** The patient's age in years or administrative gender. */
export interface PersonInput extends InputBase {
  readonly kind: 'person';
  readonly part: 'age' | 'gender';
}

/**
 * Whether something done or asked for answers a finding: an act of that day or later does; an earlier one only within its age
 * and while nothing is worse than it was then; a request without a result not for ever. Without a finding only the ages count.
 */
export interface AnsweredInput extends InputBase {
  readonly kind: 'answered';
  /** Value sets of the act. */
  readonly by: readonly string[];
  /** Value sets of what may be the act: «MRI of the spine» may be one of the whole spine. */
  readonly possibly?: readonly string[];
  /** Acts that are the act when there is one of each value set within a setting: three MRIs are one of the whole spine. */
  readonly parts?: { readonly of: readonly string[]; readonly within: string };
  /** Resource types that can hold it; those of acts when absent. */
  readonly types?: readonly string[];
  /** Inputs whose newest fact raises the question. */
  readonly finding?: readonly string[];
  /** Setting: an act that is older than this, counted back from today, answers nothing. */
  readonly within?: string;
  /** Setting: an act before the finding counts no longer than this, and only while nothing is worse. */
  readonly earlierWithin?: string;
  /** Setting: an act that names no place counts no longer than this. */
  readonly unsitedWithin?: string;
  /** Nothing earlier than the finding counts, and a request only for a few days. */
  readonly emergency?: boolean;
  readonly aimed?: Aim;
  readonly sameSite?: boolean;
  readonly notAt?: readonly string[];
  readonly notIn?: readonly string[];
  /** `requested`: only what was asked for; `done`: only what took place. */
  readonly only?: 'requested' | 'done';
  readonly from?: 'request' | 'chart';
}

export type Input =
  | SelectedInput
  | AnsweredInput
  | SiteInput
  | LesionsInput
  | ExpressionInput
  | ElapsedInput
  | UndecidedInput
  | ScoreInput
  | PersonInput;

export interface SuggestionTemplate {
  readonly id: string;
  readonly label: Text;
  readonly recommended?: boolean;
  /** Offered only when this condition is true. */
  readonly when?: string;
  /** Not offered when this holds (it was done or asked for already); where that cannot be known, it is offered. */
  readonly unless?: string;
  readonly actions: readonly ActionTemplate[];
}

export interface ActionTemplate {
  readonly type: 'create' | 'update' | 'delete';
  readonly description: Text;
  /** `delete`: the input whose one order in this request is meant; absent: the order at hand. */
  readonly of?: string;
  /** `create`: the new resource; strings may hold `{{patient}}`, `{{user}}`, `{{encounter}}`, `{{today}}`, `{{lesion}}`, `{{order}}`, `{{description}}`. */
  readonly resource?: Readonly<Record<string, unknown>>;
  /** `update`: element path in the order at hand → name of the input that gives the new value. */
  readonly set?: Readonly<Record<string, string>>;
}

export interface LinkTemplate {
  readonly label: Text;
  readonly type: 'absolute' | 'smart';
  /** Path below PUBLIC_BASE_URL, or an absolute URL. */
  readonly url: string;
  /** SMART: the score that the app opens on; the lesion is added. */
  readonly score?: string;
}

/** Why a card may be declined. */
export interface OverrideReason {
  readonly code: string;
  readonly display: Text;
  /** A fact about the patient speaks for all users, anything else for who gives it. */
  readonly reach: 'patient' | 'user';
  /** Offered on every card, whatever its rule offers. */
  readonly everywhere: boolean;
  /** HL7's codes of the same or a narrower meaning. */
  readonly nonAdherence: readonly string[];
}

/** A reason as it is written, with its code as key. */
export type WrittenReason = Pick<Text, 'en' | 'fr'> &
  Partial<Pick<OverrideReason, 'reach' | 'everywhere' | 'nonAdherence'>>;

/** A suggestion as a rule may write it: its own, or one of `suggestions.yaml` by name. */
export type WrittenSuggestion =
  | SuggestionTemplate
  | ({ readonly use: string } & Partial<
      Pick<SuggestionTemplate, 'label' | 'recommended' | 'when' | 'unless'>
    >);

export interface CardTemplate {
  readonly indicator: Indicator;
  readonly summary: Text;
  readonly detail?: Text;
  readonly suggestions?: readonly SuggestionTemplate[];
  /** The suggestions are alternatives. */
  readonly selectionBehavior?: 'at-most-one';
  readonly links?: readonly LinkTemplate[];
  readonly overrideReasons?: readonly string[];
}

/** What is shown where an entry of the chart may be the answer, but cannot be read: `{entry}` is its text. */
export interface UnreadTemplate {
  readonly summary: Text;
  readonly detail?: Text;
}

export interface UnknownTemplate {
  readonly summary: Text;
  readonly detail?: Text;
  readonly suggestions?: readonly SuggestionTemplate[];
  readonly links?: readonly LinkTemplate[];
}

/** One FHIR resource of an example: the name of a fragment, with elements set or removed, or the resource itself. */
export type ExamplePiece =
  | string
  | {
      readonly use: string;
      readonly set?: Readonly<Record<string, unknown>>;
      readonly drop?: readonly string[];
    }
  | (Readonly<Record<string, unknown>> & { readonly resourceType: string });

export interface RuleExample {
  readonly name: string;
  readonly chart?: readonly ExamplePiece[];
  readonly drafts?: readonly ExamplePiece[];
  /** Prefetch keys that cannot be had. */
  readonly missingData?: readonly string[];
  /** For the reader: the outcome does not depend on it. */
  readonly hook?: string;
  readonly outcome: 'fires' | 'silent' | 'unknown';
  /** Fragments that the card's English (or French) text must contain. */
  readonly says?: readonly string[];
  readonly missing?: readonly string[];
  /** Prefetch keys of guards that cannot be read. */
  readonly unchecked?: readonly string[];
}

/** One recommendation, or several that are one decision. */
export interface Rule {
  readonly id: string;
  readonly version: string;
  /** The newest first; begun late, so that the oldest need not be the first version. */
  readonly changes?: readonly Change[];
  readonly status: 'active' | 'draft' | 'retired';
  readonly title: Text;
  readonly recommendations: readonly string[];
  /** Recommendations that are stated only where their condition holds. */
  readonly statedIf?: Readonly<Record<string, string>>;
  /** Year of the guideline's first edition that says so. */
  readonly edition: string;
  /** The guideline's section (`3.4`), or where another source says it. */
  readonly section: string | Text;
  /** `guideline`, `complement` (sister guideline or thesis), `label` (a product's label). */
  readonly basis: 'guideline' | 'complement' | 'label';
  /** `lesions`, or the name of an input whose facts are taken one by one; absent: once per patient. */
  readonly for?: string;
  /** Only lesions in these sites or regions. */
  readonly sites?: readonly string[];
  /** Does it concern this patient? */
  readonly when?: string;
  /** The criterion; a rule without one speaks wherever it concerns the patient. */
  readonly condition?: string;
  /**
   * Already done, ordered, asked for, decided? True: silent. False or unknown: the card is shown, and where it is unknown the card
   * says what could not be checked.
   */
  readonly unless?: string;
  /** What sort of advice it is: `plan.yaml` says which sort yields to which. */
  readonly kind?: string;
  /** `to-complete`: a card only where nothing but items of a score is missing; `entry`: where an entry may be it by its words. */
  readonly whenUnknown?: 'silent' | 'card' | 'to-complete' | 'entry';
  /** Cards of one fold about one subject become one card. */
  readonly fold?: string;
  /** Said once per call, however many of the orders at hand need it. */
  readonly once?: boolean;
  /** Names a contraindication of what is being ordered: said again, whoever has declined it. */
  readonly alwaysSaid?: true;
  readonly evidence?: readonly string[];
  /** What the card ends in where it offers nothing in one click: a date in its text, or nothing at all, and why. */
  readonly act?: 'date' | 'none';
  readonly actReason?: Text;
  readonly card: CardTemplate;
  readonly unknown?: UnknownTemplate;
  readonly unread?: UnreadTemplate;
  /** Where it would fire for an order that only its words name. */
  readonly inWords?: UnreadTemplate;
  readonly examples: readonly RuleExample[];
}

/** A rule as its file has it: suggestions that it shares with others are named. */
export type WrittenRule = Omit<Rule, 'card' | 'unknown'> & {
  readonly card: Omit<CardTemplate, 'suggestions'> & { readonly suggestions?: readonly WrittenSuggestion[] };
  readonly unknown?: Omit<UnknownTemplate, 'suggestions'> & {
    readonly suggestions?: readonly WrittenSuggestion[];
  };
};

/** Whether a rule has, at least in some cases, a card for what cannot be decided. */
export function speaksWhenUnknown({ whenUnknown = 'silent' }: Pick<Rule, 'whenUnknown'>): boolean {
  return whenUnknown !== 'silent';
}

/** One CDS service as discovery shows it, and the rules that it runs, in order of importance. */
export interface CdsServiceDefinition {
  readonly id: string;
  readonly hooks: readonly string[];
  readonly title: Text;
  readonly description: Text;
  readonly usageRequirements?: Text;
  readonly rules: readonly string[];
}

/** How an order of one value set is written. */
export interface OrderEntry {
  readonly category: string;
  /** Asked for once, whatever the lesion. */
  readonly once?: boolean;
}

/** The code by which a hospital orders something. */
export interface LocalOrder {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}

/** How orders that cards create are written. */
export interface Orders {
  readonly categories: Readonly<
    Record<string, { readonly system: string; readonly code: string; readonly display: Text }>
  >;
  /** By value set. */
  readonly orders: Readonly<Record<string, OrderEntry>>;
}

/** A goal of the patient under which advice of some kinds is withheld. */
export interface Brake {
  readonly text: Text;
  /** FHIRPath condition over the inputs; only where it is true something is withheld. */
  readonly when: string;
  readonly withholds: readonly string[];
}

/** What sorts of advice there are, and which yields to what. */
export interface Plan {
  readonly version: string;
  readonly kinds: Readonly<Record<string, Text>>;
  /** Kinds of advice, those that lead first. */
  readonly precedence: readonly (readonly string[])[];
  /** By kind or rule: where advice lies that is about the patient. */
  readonly places: Readonly<Record<string, AdvicePlace>>;
  readonly exclusions: Readonly<Record<string, Exclusion>>;
  readonly brakes: Readonly<Record<string, Brake>>;
  readonly opening: Opening;
}

/** Where advice lies: where the facts of the finding do; where they do not say so, anywhere in the sites. */
export interface AdvicePlace {
  /** Name of an input. */
  readonly finding?: string;
  /** Sites and regions. */
  readonly sites?: readonly string[];
  /** Kinds of advice below which it is told; below any that leads when absent. */
  readonly under?: readonly string[];
}

/** Advice that other advice rules out at one lesion or for one order. */
export interface Exclusion {
  readonly text: Text;
  /** Kinds or rules: while one of them is told there. */
  readonly leads?: readonly string[];
  /** FHIRPath condition about the lesion: wherever it is true. */
  readonly when?: string;
  /** Kinds or rules. */
  readonly withholds: readonly string[];
}

/** What is said when a chart is opened or a patient leaves. */
export interface Opening {
  readonly hooks: readonly string[];
  /** Name of the setting that bounds the cards of advice. */
  readonly advice: string;
  /** FHIRPath condition per lesion: a score with gaps is asked for only where it is true. */
  readonly completeWhen: string;
}

export type Side = 'left' | 'right';

export interface BodySite {
  readonly id: string;
  readonly display: Text;
  readonly region?: string;
  /** Not a site: a name for all sites of these regions. */
  readonly regions?: readonly string[];
  /** There is one on each side of the body. */
  readonly paired?: boolean;
  /** Not a site: its codes say on which side a paired one is. */
  readonly side?: Side;
  readonly codes: readonly { readonly system: string; readonly code: string; readonly display?: string }[];
  /** The code says only that the lesion is in one of these. */
  readonly oneOf?: readonly string[];
}

export interface ScoreAnswer {
  readonly code: string;
  readonly points: number;
  readonly display: Text;
  /** FHIRPath condition on facts of the chart under which this is the answer. */
  readonly fact?: string;
  /** The same for what can only be derived from the rest of the chart. */
  readonly derived?: string;
}

export interface ScoreItem {
  readonly id: string;
  /** Its name in a sum; `{answer}` stands for the answer. */
  readonly short?: Text;
  readonly text: Text;
  readonly answers: readonly ScoreAnswer[];
  /** A fact that says otherwise and is not older stands beside the explicit answer. */
  readonly contested?: boolean;
  /** False where the answer does not change with time (level, primary): it is never called old. */
  readonly ages?: boolean;
}

export interface ScoreClass {
  readonly code: string;
  readonly min: number;
  readonly max: number;
  readonly display: Text;
  /** What the guideline proposes for this class: one sentence. */
  readonly next?: Text;
  /** Row of the combined strategy table and the band that it names. */
  readonly strategy?: { readonly row: number; readonly band: string };
}

/** Raised when everything that it names holds. */
export interface ScoreFlag {
  readonly id: string;
  readonly text: Text;
  /** FHIRPath condition over the inputs. */
  readonly if?: string;
  /** One of these answers (`sins-pain-non-mechanical`) is possible. */
  readonly answers?: readonly string[];
  /** This item has several possible answers. */
  readonly several?: string;
  /** This item has no single answer: it is missing, or several remain possible. */
  readonly open?: string;
  /** This item was derived from the chart, and not asked or measured. */
  readonly derived?: string;
  /** Some item (or the named one) is missing. */
  readonly missing?: boolean | string;
  /** A recorded total is one that the items can never give. */
  readonly impossibleTotal?: boolean;
}

/** A sum of fewer items that the source prints (five of Tokuhashi's six), shown beside the total. */
export interface ScoreSubtotal {
  /** Items that it leaves out. */
  readonly without: readonly string[];
  /** `{total}`: the sum, or its range. */
  readonly text: Text;
}

export interface ScoreExample {
  readonly name: string;
  readonly chart: readonly ExamplePiece[];
  readonly expect: {
    readonly none?: boolean;
    readonly total?: number;
    readonly reachable?: readonly number[];
    readonly class?: string;
    readonly missing?: readonly string[];
    readonly flags?: readonly string[];
  };
}

/** What a version of an artifact changed, for its readers. */
export interface Change extends Text {
  readonly version: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
}

export interface Score {
  readonly id: string;
  readonly version: string;
  /** The newest first; begun late, so that the oldest need not be the first version. */
  readonly changes?: readonly Change[];
  readonly title: Text;
  /** Its name in a sum. */
  readonly short?: Text;
  readonly section: string;
  readonly per: 'lesion' | 'patient';
  /** Per lesion: the sites or regions that it is meant for. */
  readonly sites?: readonly string[];
  /** Per patient: condition under which the score makes sense at all. */
  readonly when?: string;
  readonly items: readonly ScoreItem[];
  /** A grade has one item, and its classes are the answers: nothing is added up (Frankel). */
  readonly grade?: boolean;
  /** Which totals (of a grade: which of its classes, in their order) are the gravest; the highest when absent. */
  readonly worst?: 'highest' | 'lowest';
  readonly classes: readonly ScoreClass[];
  readonly flags: readonly ScoreFlag[];
  readonly subtotals?: readonly ScoreSubtotal[];
  readonly warning?: Text;
  readonly examples: readonly ScoreExample[];
}

/** One criterion of the guideline's list of a better functional prognosis: a list, no score. */
export interface PrognosisCriterion {
  readonly text: Text;
  /** FHIRPath condition over the inputs: met, not met, or unknown. Without one nothing in a chart can answer it. */
  readonly condition?: string;
}
