import type { Action, Card, FhirResource, Suggestion } from '../cds-hooks/types.js';
import { codings, objects } from '../chart/element.js';
import type { MadeCard } from './made-card.js';
import type { Wording } from './wording.js';

/** What an answer needs to know besides its cards. */
export interface AnswerContext {
  /** The client wants sums as Markdown tables. */
  readonly tables: boolean;
  /** Orders that came with the request: what is one of them is not offered again. */
  readonly drafts: readonly FhirResource[];
}

/**
 * Cards as one answer: an act is offered once, on the first card that needs it, its reasons naming all lesions; a remark, a sum and a
 * line of evidence stand once.
 */
export function asOneAnswer<Made extends MadeCard>(
  cards: readonly Made[],
  { tables, drafts }: AnswerContext,
  wording: Wording,
): readonly Made[] {
  const offered = new Map<string, Offered>();
  const drafted = new Set(drafts.flatMap((draft) => keysOf(draft, wording)));
  const once = cards.map((made) => {
    const elsewhere: string[] = [];
    const kept = (made.card.suggestions ?? []).filter((suggestion) => {
      const created = createdBy(suggestion);
      const keys = created.flatMap((resource) => keysOf(resource, wording));
      if (keys.length === 0) return true;
      if (keys.some((key) => drafted.has(key))) return false;
      const earlier = keys.map((key) => offered.get(key)).find((each) => each !== undefined);
      // Two rules of one card may ask for the same opinion, one of them urgently: the first stands.
      if (earlier?.card === made && areAsked(created, offered, wording)) {
        created.forEach((resource) => earlier.reasons.push(...objects(resource['reasonReference'])));
        return false;
      }
      const isAgain = earlier !== undefined && earlier.card !== made;
      if (isAgain) {
        elsewhere.push(suggestion.label);
        created.forEach((resource) => earlier.reasons.push(...objects(resource['reasonReference'])));
        return false;
      }
      for (const key of keys)
        if (!offered.has(key)) offered.set(key, { card: made, suggestion, reasons: [] });
      return true;
    });
    return { made, kept, elsewhere };
  });
  const reasons = new Map([...offered.values()].map((each) => [each.suggestion, each.reasons]));
  const said = new Set<string>();
  return once.map(({ made, kept, elsewhere }) => {
    const suggestions = kept.map((suggestion) => withReasons(suggestion, reasons.get(suggestion) ?? []));
    const remarks = elsewhere.map((label) => wording.phrase('act-elsewhere', { label }));
    const { selectionBehavior } = made.card;
    const rest = Object.fromEntries(
      Object.entries(made.card).filter(([name]) => name !== 'suggestions' && name !== 'selectionBehavior'),
    ) as Omit<Card, 'suggestions' | 'selectionBehavior'>;
    const card: Card = {
      ...rest,
      detail: made.detail(said, tables, remarks),
      ...(suggestions.length > 0 && {
        suggestions,
        ...(selectionBehavior !== undefined && { selectionBehavior }),
      }),
    };
    return { ...made, card };
  });
}

interface Offered {
  readonly card: MadeCard;
  readonly suggestion: Suggestion;
  readonly reasons: Readonly<Record<string, unknown>>[];
}

/** Whether all that is created are requests that are offered already. */
function areAsked(
  created: readonly FhirResource[],
  offered: ReadonlyMap<string, Offered>,
  wording: Wording,
): boolean {
  return created.every(
    (resource) =>
      resource.resourceType === 'ServiceRequest' && keysOf(resource, wording).some((key) => offered.has(key)),
  );
}

function createdBy({ actions = [] }: Suggestion): readonly FhirResource[] {
  return actions.flatMap((action) => (action.type === 'create' ? [action.resource] : []));
}

/** By what two orders are the same: the type, a code of it, and the site, but for what is asked for once for all lesions. */
function keysOf(resource: FhirResource, wording: Wording): readonly string[] {
  const codes = codings(resource['code'] ?? resource['medicationCodeableConcept']);
  const place = wording.orderOf(codes).once ? undefined : resource['bodySite'];
  const site = place === undefined ? '' : JSON.stringify(place);
  return codes.map(({ system, code }) => `${resource.resourceType}|${system ?? ''}|${code}|${site}`);
}

function withReasons(suggestion: Suggestion, more: readonly Readonly<Record<string, unknown>>[]): Suggestion {
  if (more.length === 0) return suggestion;
  const actions = (suggestion.actions ?? []).map((action): Action => {
    if (action.type !== 'create') return action;
    const own = objects(action.resource['reasonReference']);
    const all = [...new Map([...own, ...more].map((each) => [JSON.stringify(each), each])).values()];
    return { ...action, resource: { ...action.resource, reasonReference: all } };
  });
  return { ...suggestion, actions };
}
