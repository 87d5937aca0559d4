import { DEEPEST_BODY, isDeeperThan, isList } from './json-value.js';
import type { Problem } from './outcome.js';
import { responseSchema } from './schemas/response.js';
import type { Card, CdsResponse } from './types.js';
import { ajv, problemsOf } from './validation.js';
import { isObject } from '../json.js';

const validate = ajv.compile<CdsResponse>(responseSchema);

/**
 * A tag, comment or declaration that a Markdown renderer would pass on as HTML, even when it is never closed.
 * A backslash before `<` makes it inert; web and mail autolinks are Markdown.
 */
const RAW_HTML = /(?<!\\)(?:\\\\)*<(?!(?:https?:\/\/|mailto:)[^\s<>]*>)[a-z/!?]/i;

/** A Markdown link or image that would run code. */
const SCRIPT_LINK = /\]\(\s*(?:<\s*)?(?:javascript|vbscript|data):/i;

function broken(path: string, message: string): Problem {
  return { code: 'INTERNAL', reason: 'invariant', path, message };
}

function isEmpty(value: unknown): boolean {
  if (value === '') return true;
  if (isList(value)) return value.length === 0;
  if (!isObject(value)) return false;
  for (const name in value) if (Object.hasOwn(value, name)) return false;
  return true;
}

/** Where a value stands; spelt out only when there is something to report. */
interface Place {
  readonly name: string | number;
  readonly inside: Place | undefined;
}

function spelt(place: Place | undefined): string {
  if (place === undefined) return '';
  const { name, inside } = place;
  if (typeof name === 'number') return `${spelt(inside)}[${name}]`;
  return inside === undefined ? name : `${spelt(inside)}.${name}`;
}

/** The resource of an Action, where FHIR's own rules hold. */
function isEmbeddedFhir(inside: Place | undefined, name: string): boolean {
  const list = typeof inside?.name === 'number' ? inside.inside?.name : undefined;
  return name === 'resource' && (list === 'actions' || list === 'systemActions');
}

/**
 * JSON-2, JSON-3: no null, nothing empty except `cards`, outside the FHIR resources of actions. EXT-1, EXT-2:
 * extension keys must not collide with another service's.
 */
function walk(value: unknown, place: Place | undefined, problems: Problem[]): void {
  const report = (message: string, at = place): void => {
    problems.push(broken(spelt(at), `${spelt(at)} ${message}`));
  };
  if (value === null) {
    report('must be left out instead of null');
    return;
  }
  if (typeof value === 'string') {
    if (value === '') report('must be left out instead of empty');
    else if (!value.isWellFormed()) report('must not hold a lone surrogate');
    return;
  }
  if (typeof value !== 'object') return;
  const isCards = place?.name === 'cards' && place.inside === undefined;
  if (place !== undefined && !isCards && isEmpty(value)) {
    report('must be left out instead of empty');
    return;
  }
  if (isList(value)) {
    for (let name = 0; name < value.length; name++) walk(value[name], { name, inside: place }, problems);
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined || isEmbeddedFhir(place, name)) continue;
    const at = { name, inside: place };
    if (name === 'extension' && isObject(inner)) {
      for (const key of Object.keys(inner)) {
        if (!/[^.]\.[^.]/.test(key))
          report('must be a globally unique name with a dot', { name: key, inside: at });
      }
    }
    walk(inner, at, problems);
  }
}

function cardProblems(card: Card, path: string): readonly Problem[] {
  const problems: Problem[] = [];
  if (card.detail !== undefined && RAW_HTML.test(card.detail)) {
    problems.push(broken(`${path}.detail`, `${path}.detail must not hold raw HTML`));
  }
  if (card.detail !== undefined && SCRIPT_LINK.test(card.detail)) {
    problems.push(broken(`${path}.detail`, `${path}.detail must not link to a script`));
  }
  const recommended = (card.suggestions ?? []).filter((suggestion) => suggestion.isRecommended === true);
  if (card.selectionBehavior === 'at-most-one' && recommended.length > 1) {
    const at = `${path}.suggestions`;
    problems.push(broken(at, `${at} must recommend at most one when at most one can be chosen`));
  }
  return problems;
}

/** CARD-1, SUG-2: feedback names a card and a suggestion by uuid alone. */
function repeatedUuids(cards: readonly Card[]): readonly Problem[] {
  const seen = new Set<string>();
  const named = cards.flatMap((card, index) => [
    { uuid: card.uuid, path: `cards[${index}].uuid` },
    ...(card.suggestions ?? []).map((suggestion, position) => ({
      uuid: suggestion.uuid,
      path: `cards[${index}].suggestions[${position}].uuid`,
    })),
  ]);
  return named.flatMap(({ uuid, path }) => {
    if (seen.has(uuid)) return [broken(path, `${path} must be unique in the response`)];
    seen.add(uuid);
    return [];
  });
}

function onePerPath(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.toReversed().map((problem) => [problem.path, problem])).values()].toReversed();
}

/**
 * Checks an answer of our own against CDS Hooks 2.0.1 "CDS Service Response" and the invariants of its logical model.
 * Empty when it conforms. Stricter than the standard in two things: uuids are required, and
 * `actionSelectionBehavior` (3.0) is not used.
 */
export function checkResponse(value: unknown): readonly Problem[] {
  if (isDeeperThan(value, 2 * DEEPEST_BODY)) return [broken('', 'The body is nested too deeply')];
  const general: Problem[] = [];
  walk(value, undefined, general);
  if (!validate(value)) return onePerPath([...general, ...problemsOf(validate.errors ?? [], 'INTERNAL')]);
  const particular = value.cards.flatMap((card, index) => cardProblems(card, `cards[${index}]`));
  return onePerPath([...general, ...particular, ...repeatedUuids(value.cards)]);
}
