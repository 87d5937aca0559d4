import { bounds } from '../bounds.js';
import { isAbsent, isFhirResource, isList, member } from './json-value.js';
import type { ContextField, FieldKind } from './hooks.js';
import type { FhirResource, HookRequest } from './types.js';
import { isObject } from '../json.js';

/** What was read, and how many entries were left out because they were no resources. */
interface Reading {
  readonly value: unknown;
  readonly dropped: number;
}

const kept = (value: unknown): Reading => ({ value, dropped: 0 });

function withoutType(value: unknown, type: string): unknown {
  return typeof value === 'string' && value.startsWith(`${type}/`) ? value.slice(type.length + 1) : value;
}

/** A resource whose `id` is unusable is still an order that matters: it is read without its id. */
function asResource(value: unknown): FhirResource | undefined {
  if (isFhirResource(value)) return value;
  if (!isObject(value)) return undefined;
  const { id, ...rest } = value;
  return id !== undefined && isFhirResource(rest) ? rest : undefined;
}

function readEntry(entry: unknown): { fullUrl?: string; resource: FhirResource } | undefined {
  if (!isObject(entry)) return undefined;
  const resource = asResource(member(entry, 'resource'));
  if (resource === undefined) return undefined;
  const fullUrl = member(entry, 'fullUrl');
  return typeof fullUrl === 'string' && fullUrl !== '' ? { fullUrl, resource } : { resource };
}

function collect<T>(items: readonly unknown[], read: (item: unknown) => T | undefined): [T[], number] {
  const found = items.map(read).filter((item) => item !== undefined);
  return [found, items.length - found.length];
}

/** CTX-3: the Bundle's own type, total and links do not matter. */
function readBundle(value: unknown): Reading {
  if (!isObject(value) || member(value, 'resourceType') !== 'Bundle') return kept(value);
  const raw = member(value, 'entry') ?? [];
  if (!isList(raw)) return kept(value);
  const [entry, dropped] = collect(raw, readEntry);
  return { value: { resourceType: 'Bundle', type: 'collection', entry }, dropped };
}

function unwrap(value: unknown): unknown {
  const inner = isObject(value) && !('resourceType' in value) ? member(value, 'resource') : undefined;
  return inner ?? value;
}

const READERS: Readonly<Record<FieldKind, (value: unknown) => Reading>> = {
  user: kept,
  patient: (value) => kept(withoutType(value, 'Patient')),
  encounter: (value) => kept(withoutType(value, 'Encounter')),
  reference: kept,
  references: readReferences,
  selections: readReferences,
  bundle: readBundle,
  appointments: (value) =>
    readBundle(
      isList(value)
        ? { resourceType: 'Bundle', entry: value.map((item) => ({ resource: unwrap(item) })) }
        : value,
    ),
  resource: (value) => kept(asResource(unwrap(value)) ?? value),
  resources: (value) => {
    if (!isList(value)) return kept(value);
    const [resources, dropped] = collect(value, (item) => asResource(unwrap(item)));
    return { value: resources, dropped };
  },
};

/** One reference over the limit is enough to refuse the list; checking millions would exhaust memory. */
function readReferences(value: unknown): Reading {
  return kept(isList(value) ? value.slice(0, bounds.references + 1) : value);
}

/**
 * The known fields of a raw context in their canonical spelling and shape; wrong types are kept for the schema to refuse.
 * Absent values (null, "", {}) are left out.
 */
export function readContext(
  raw: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, ContextField>>,
): { readonly context: Readonly<Record<string, unknown>>; readonly dropped: number } {
  const context: Record<string, unknown> = {};
  let droppedEntries = 0;
  for (const [name, field] of Object.entries(fields)) {
    const spelling = [name, ...(field.aliases ?? [])].find((alias) => !isAbsent(member(raw, alias)));
    if (spelling === undefined) continue;
    const { value, dropped } = READERS[field.kind](member(raw, spelling));
    context[name] = value;
    droppedEntries += dropped;
  }
  return { context, dropped: droppedEntries };
}

/** The user, patient and encounter that a context names, as far as its hook names them. */
export interface NamedInContext {
  readonly userId?: string | undefined;
  readonly patientId?: string | undefined;
  readonly encounterId?: string | undefined;
}

/** Who and which encounter a call is about, whatever its hook. */
export function whoIsNamed(context: HookRequest['context']): NamedInContext {
  return {
    patientId: context.patientId,
    userId: 'userId' in context ? context.userId : undefined,
    encounterId: 'encounterId' in context ? context.encounterId : undefined,
  };
}

/** The resources that a request is about, whatever its hook calls them. */
export interface ContextResources {
  readonly drafts: readonly FhirResource[];
  /** `Type/id` of the drafts that the user is working on; `all` when the hook does not single any out. */
  readonly selected: ReadonlySet<string> | 'all';
  /** The resources that their Bundle holds under an address of its own (`urn:uuid:…`), as they refer to one another. */
  readonly addresses: ReadonlyMap<string, FhirResource>;
}

/** The resources of one context field: of its Bundle, or the field itself. */
function within(field: FhirResource, selected: ContextResources['selected'] = 'all'): ContextResources {
  const raw = field.resourceType === 'Bundle' ? member(field, 'entry') : [{ resource: field }];
  const entries = isList(raw) ? collect(raw, readEntry)[0] : [];
  return {
    drafts: entries.map(({ resource }) => resource),
    selected,
    addresses: new Map(
      entries.flatMap(({ fullUrl, resource }) =>
        fullUrl?.startsWith('urn:') === true ? [[fullUrl, resource] as const] : [],
      ),
    ),
  };
}

/**
 * The drafts in a request's context: orders, appointments, conditions, an allergy, medications, or the Tasks that
 * dispatch orders (the dispatched orders themselves are references only). Other hooks have none.
 */
export function contextResources(request: HookRequest): ContextResources {
  switch (request.hook) {
    case 'order-select':
      return within(request.context.draftOrders, new Set<string>(request.context.selections));
    case 'order-sign':
      return within(request.context.draftOrders);
    case 'appointment-book':
      return within(request.context.appointments);
    case 'problem-list-item-create':
      return within(request.context.conditions);
    case 'medication-refill':
      return within(request.context.medications);
    case 'allergyintolerance-create':
      return within(request.context.allergyIntolerance);
    case 'medication-verify':
      return within(request.context.medication);
    case 'order-dispatch':
      return { drafts: request.context.fulfillmentTasks ?? [], selected: 'all', addresses: new Map() };
    default:
      return { drafts: [], selected: 'all', addresses: new Map() };
  }
}
