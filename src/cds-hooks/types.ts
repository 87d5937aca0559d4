/** A FHIR resource as it came in: only `resourceType` (and a string `id`, if any) is checked, the rest is untrusted. */
export interface FhirResource {
  readonly resourceType: string;
  readonly id?: string;
  readonly [element: string]: unknown;
}

/** Who may stand in `context.userId` (hook library, "userId"). */
export type UserType = 'Practitioner' | 'PractitionerRole' | 'Patient' | 'RelatedPerson';

/** `Type/id`. */
export type Reference = `${string}/${string}`;

/** A context Bundle after reading: always a collection, holding only entries that are resources. */
export interface ContextBundle extends FhirResource {
  readonly resourceType: 'Bundle';
  readonly type: 'collection';
  readonly entry: readonly { readonly fullUrl?: string; readonly resource: FhirResource }[];
}

interface UserAndPatient {
  readonly userId: `${UserType}/${string}`;
  /** Bare FHIR id. */
  readonly patientId: string;
}

interface PatientContext extends UserAndPatient {
  /** Bare FHIR id. */
  readonly encounterId?: string;
}

interface EncounterContext extends UserAndPatient {
  /** Bare FHIR id. */
  readonly encounterId: string;
}

/** The context of every hook of the library (hook library 1.0.1). */
export interface HookContexts {
  readonly 'patient-view': PatientContext;
  readonly 'order-select': PatientContext & {
    readonly selections: readonly Reference[];
    readonly draftOrders: ContextBundle;
  };
  readonly 'order-sign': PatientContext & { readonly draftOrders: ContextBundle };
  readonly 'order-dispatch': {
    readonly patientId: string;
    readonly dispatchedOrders: readonly Reference[];
    readonly performer: Reference;
    readonly fulfillmentTasks?: readonly FhirResource[];
  };
  readonly 'encounter-start': EncounterContext;
  readonly 'encounter-discharge': EncounterContext;
  readonly 'appointment-book': PatientContext & { readonly appointments: ContextBundle };
  readonly 'problem-list-item-create': PatientContext & { readonly conditions: ContextBundle };
  readonly 'allergyintolerance-create': PatientContext & { readonly allergyIntolerance: FhirResource };
  readonly 'medication-refill': Omit<PatientContext, 'userId'> &
    Partial<Pick<UserAndPatient, 'userId'>> & { readonly medications: ContextBundle };
  readonly 'medication-verify': PatientContext & { readonly medication: FhirResource };
}

export type HookName = keyof HookContexts;

/** The name of a hook outside the library: reverse-domain notation (Hook Definition Format). */
export type CustomHookName = `${string}.${string}`;

/** OAuth 2.0 access to the client's FHIR server (FHIR Resource Access); transient, never stored or logged. */
export interface FhirAuthorization {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  /** Seconds. */
  readonly expires_in: number;
  readonly scope: string;
  readonly subject: string;
  /** Bare FHIR id; equal to `context.patientId`. */
  readonly patient?: string;
}

interface RequestEnvelope {
  /** UUID in lower case. */
  readonly hookInstance: string;
  /** Absolute http(s) URL; whether it may be called is not decided here. */
  readonly fhirServer?: string;
  readonly fhirAuthorization?: FhirAuthorization;
  /** Empty when the client sent none. A `null` value means that the client has no data for that key. */
  readonly prefetch: Readonly<Record<string, unknown>>;
  /** How many context entries were not FHIR resources and were left out. */
  readonly droppedEntries: number;
}

/** A call of hook `H`. */
export interface HookRequestOf<H extends HookName> extends RequestEnvelope {
  readonly hook: H;
  readonly context: HookContexts[H];
}

/** A call of a hook outside the library: only the fields common to most hooks are read. */
export interface CustomHookRequest extends RequestEnvelope {
  readonly hook: CustomHookName;
  readonly context: Partial<PatientContext>;
}

/** A hook call after reading, discriminated by `hook`. */
export type HookRequest = { readonly [H in HookName]: HookRequestOf<H> }[HookName] | CustomHookRequest;

/** Keys are globally unique names, such as a reverse domain (Extensions). */
export type Extension = Readonly<Record<string, unknown>>;

interface Extensible {
  readonly extension?: Extension;
}

export interface Coding extends Extensible {
  readonly code: string;
  readonly system: string;
  readonly display?: string;
}

/** A reason to decline that a card offers; the display is what the user reads. */
export interface OverrideReason extends Coding {
  readonly display: string;
}

export interface Source extends Extensible {
  readonly label: string;
  readonly url?: string;
  readonly icon?: string;
  readonly topic?: Coding;
}

interface ActionBase extends Extensible {
  readonly description: string;
}

/** One change that the client makes when the user accepts (Action). */
export type Action =
  | (ActionBase & { readonly type: 'create' | 'update'; readonly resource: FhirResource })
  | (ActionBase & { readonly type: 'delete'; readonly resourceId: Reference });

export interface Suggestion extends Extensible {
  readonly label: string;
  readonly uuid: string;
  readonly isRecommended?: boolean;
  readonly actions?: readonly Action[];
}

interface LinkBase extends Extensible {
  readonly label: string;
  readonly url: string;
  readonly autolaunchable?: boolean;
}

export type Link =
  | (LinkBase & { readonly type: 'absolute' })
  | (LinkBase & { readonly type: 'smart'; readonly appContext?: string });

export type Indicator = 'info' | 'warning' | 'critical';

/** Card Attributes; `uuid` is required here because this service takes feedback. */
export interface Card extends Extensible {
  readonly uuid: string;
  /** One line, fewer than 140 characters. */
  readonly summary: string;
  /** GitHub Flavored Markdown without HTML. */
  readonly detail?: string;
  readonly indicator: Indicator;
  readonly source: Source;
  readonly suggestions?: readonly Suggestion[];
  /** Required with suggestions. */
  readonly selectionBehavior?: 'at-most-one' | 'any';
  readonly overrideReasons?: readonly OverrideReason[];
  readonly links?: readonly Link[];
}

export interface CdsResponse extends Extensible {
  readonly cards: readonly Card[];
  readonly systemActions?: readonly Action[];
}

/** One element of the discovery answer (Discovery). */
export interface DiscoveryEntry extends Extensible {
  readonly hook: HookName | CustomHookName;
  readonly id: string;
  readonly title?: string;
  readonly description: string;
  readonly prefetch?: Readonly<Record<string, string>>;
  readonly usageRequirements?: string;
}

/** Why a card was declined; the client may use its own code, and some clients leave the system out. */
export interface FeedbackReason {
  readonly reason?: { readonly code: string; readonly system?: string; readonly display?: string };
  /** May hold patient data: never log it. */
  readonly userComment?: string;
}

interface FeedbackBase {
  /** The uuid of a card of an earlier answer. */
  readonly card: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly outcomeTimestamp: string;
}

/** What became of one card (Feedback). */
export type FeedbackItem =
  | (FeedbackBase & {
      readonly outcome: 'accepted';
      readonly acceptedSuggestions: readonly { readonly id: string }[];
    })
  | (FeedbackBase & { readonly outcome: 'overridden'; readonly overrideReason?: FeedbackReason });
