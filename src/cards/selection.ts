import type { Action, Card, Suggestion } from '../cds-hooks/types.js';

/** One suggestion of each act: rules of one fold may propose the same (one tumour board for two scores). */
export function uniqueSuggestions(suggestions: readonly Suggestion[]): readonly Suggestion[] {
  const kept: Suggestion[] = [];
  for (const suggestion of suggestions)
    if (!kept.some((other) => isSameAct(other, suggestion))) kept.push(suggestion);
  return kept;
}

function isSameAct(a: Suggestion, b: Suggestion): boolean {
  const [deleted, also] = [onlyDeletes(a), onlyDeletes(b)];
  // Withdrawing an order is the same act whatever the button is called, and can be done once.
  if (deleted !== undefined && also !== undefined) return deleted === also;
  return a.label === b.label && JSON.stringify(a.actions) === JSON.stringify(b.actions);
}

function onlyDeletes({ actions = [] }: Suggestion): string | undefined {
  const isOnly = actions.length > 0 && actions.every(({ type }) => type === 'delete');
  return isOnly ? actions.map(targetOf).join(' ') : undefined;
}

/** `Type/id` of the resource that an action changes; a new one is nobody's target. */
function targetOf(action: Action): string | undefined {
  if (action.type === 'delete') return action.resourceId;
  return action.type === 'update' ? `${action.resource.resourceType}/${action.resource.id ?? ''}` : undefined;
}

/**
 * The suggestions with how many of them may be chosen (Card Attributes, `selectionBehavior`). An update carries the
 * whole resource, not a patch: of two suggestions that change one order, the second would undo the first, or change what
 * was withdrawn. They are alternatives, as are those that their rule says are.
 */
export function selectionOf(
  suggestions: readonly Suggestion[],
  areAlternatives: boolean,
): Pick<Card, 'suggestions' | 'selectionBehavior'> {
  if (suggestions.length === 0) return {};
  const targets = suggestions.flatMap(({ actions = [] }) => [
    ...new Set(actions.map(targetOf).filter((target) => target !== undefined)),
  ]);
  const isChoice = suggestions.length > 1 && (areAlternatives || new Set(targets).size < targets.length);
  if (!isChoice) return { suggestions, selectionBehavior: 'any' };
  return { suggestions: withOneRecommended(suggestions), selectionBehavior: 'at-most-one' };
}

/** Of alternatives only one can be recommended (Suggestion, `isRecommended`): that of the gravest rule. */
function withOneRecommended(suggestions: readonly Suggestion[]): readonly Suggestion[] {
  const first = suggestions.find(({ isRecommended }) => isRecommended === true);
  return suggestions.map((suggestion) => {
    const { isRecommended, ...rest } = suggestion;
    return isRecommended === true && suggestion !== first ? rest : suggestion;
  });
}
