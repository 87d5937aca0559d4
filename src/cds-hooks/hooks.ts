import type { HookContexts, HookName, UserType } from './types.js';

/** What a context field holds; decides how it is read and checked. */
export type FieldKind =
  | 'user'
  | 'patient'
  | 'encounter'
  | 'reference'
  | 'references'
  | 'selections'
  | 'bundle'
  | 'appointments'
  | 'resource'
  | 'resources';

/** One row of a hook's context table. */
export interface ContextField {
  readonly kind: FieldKind;
  readonly required: boolean;
  /** Whether a prefetch template may use it, as the library's table says. */
  readonly token: boolean;
  /** Other spellings found in the library's own examples. */
  readonly aliases?: readonly string[];
}

/** The type makes every field of the context appear, required exactly when the context says so. */
interface HookDefinition<Context> {
  readonly version: string;
  /** As the library documents them; other user types are accepted all the same. */
  readonly userTypes: readonly UserType[];
  readonly fields: {
    readonly [Field in keyof Context]-?: ContextField & {
      readonly required: Partial<Pick<Context, Field>> extends Pick<Context, Field> ? false : true;
    };
  };
}

const REQUIRED = { required: true } as const;
const OPTIONAL = { required: false } as const;

const user = { kind: 'user', token: true, ...REQUIRED } as const;
const patient = { kind: 'patient', token: true, ...REQUIRED } as const;
const encounter = { kind: 'encounter', token: true, ...OPTIONAL } as const;
const bundle = { kind: 'bundle', token: false, ...REQUIRED } as const;
const resource = { kind: 'resource', token: false, ...REQUIRED } as const;

const anyone = { userId: user, patientId: patient, encounterId: encounter };
const admitted = { ...anyone, encounterId: { ...encounter, ...REQUIRED } };

const CLINICIANS = ['Practitioner', 'PractitionerRole'] as const;
const EVERYONE = [...CLINICIANS, 'Patient', 'RelatedPerson'] as const;

/** The hooks of the hook library with their context tables (hook library 1.0.1). */
export const HOOKS: { readonly [H in HookName]: HookDefinition<HookContexts[H]> } = {
  'patient-view': { version: '1.0', userTypes: EVERYONE, fields: anyone },
  'order-select': {
    version: '1.0',
    userTypes: CLINICIANS,
    fields: {
      ...anyone,
      selections: { kind: 'selections', token: false, ...REQUIRED },
      draftOrders: bundle,
    },
  },
  'order-sign': { version: '1.0', userTypes: CLINICIANS, fields: { ...anyone, draftOrders: bundle } },
  'order-dispatch': {
    version: '1.1',
    userTypes: [],
    fields: {
      patientId: patient,
      dispatchedOrders: {
        kind: 'references',
        token: true,
        aliases: ['dispatched-orders'],
        ...REQUIRED,
      },
      performer: { kind: 'reference', token: true, ...REQUIRED },
      fulfillmentTasks: {
        kind: 'resources',
        token: false,
        aliases: ['fulfillment-tasks'],
        ...OPTIONAL,
      },
    },
  },
  'encounter-start': { version: '1.0', userTypes: CLINICIANS, fields: admitted },
  'encounter-discharge': { version: '1.0', userTypes: CLINICIANS, fields: admitted },
  'appointment-book': {
    version: '1.0',
    userTypes: EVERYONE,
    fields: { ...anyone, appointments: { kind: 'appointments', token: false, ...REQUIRED } },
  },
  'problem-list-item-create': {
    version: '0.1.0',
    userTypes: CLINICIANS,
    fields: { ...anyone, conditions: bundle },
  },
  'allergyintolerance-create': {
    version: '0.1.0',
    userTypes: ['Practitioner'],
    fields: { ...anyone, allergyIntolerance: { ...resource, aliases: ['allergyIntolerances'] } },
  },
  'medication-refill': {
    version: '0.1.0',
    userTypes: CLINICIANS,
    fields: { ...anyone, userId: { ...user, ...OPTIONAL }, medications: bundle },
  },
  'medication-verify': {
    version: '0.1.0',
    userTypes: CLINICIANS,
    fields: { ...anyone, medication: { ...resource, aliases: ['order'] } },
  },
};

/** The context fields of a hook by name. */
export function contextFields(hook: HookName): Readonly<Record<string, ContextField>> {
  return HOOKS[hook].fields;
}

/** Whether the library defines this hook. */
export function isHookName(name: unknown): name is HookName {
  return typeof name === 'string' && Object.hasOwn(HOOKS, name);
}

/** Whether a prefetch template of this hook may hold `{{context.<field>}}` (2.x Prefetch tokens). */
export function isTokenField(hook: HookName, field: string): boolean {
  const fields = contextFields(hook);
  return Object.hasOwn(fields, field) && fields[field]?.token === true;
}
