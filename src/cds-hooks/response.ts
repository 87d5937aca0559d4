import { DEEPEST_BODY, isDeeperThan, isList, isRecord } from './json-value.js';
import type { Problem } from './outcome.js';
import { responseSchema } from './schemas/response.js';
import type { Card, CdsResponse } from './types.js';
import { ajv, problemsOf } from './validation.js';

const validate = ajv.compile<CdsResponse>(responseSchema);

/**
 * A tag, comment or declaration that a Markdown renderer would pass on as HTML, even when it is never closed.
 * A backslash before `<` makes it inert; web and mail autolinks are Markdown.
 */
const RAW_HTML = /(?<!\\)(?:\\\\)*<(?!(?:https?:\/\/|mailto:)[^\s<>]*>)[a-z/!?]/i;

/** A Markdown link or image that would run code. */
const SCRIPT_LINK = /\]\(\s*<?\s*(?:javascript|vbscript|data):/i;

function broken(path: string, message: string): Problem {
  return { code: 'INTERNAL', reason: 'invariant', path, message };
}

function isEmpty(value: unknown): boolean {
  if (value === '') return true;
  return isList(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
}

/** The resource of an Action, where FHIR's own rules hold. */
function isEmbeddedFhir(path: string, name: string): boolean {
  return name === 'resource' && /(?:^|\.)(?:actions|systemActions)\[\d+\]$/.test(path);
}

/** JSON-2, JSON-3: no null, nothing empty except `cards`, outside the FHIR resources of actions. */
function emptyValues(value: unknown, path: string): readonly Problem[] {
  if (value === null) return [broken(path, `${path} must be left out instead of null`)];
  if (path !== '' && path !== 'cards' && isEmpty(value)) {
    return [broken(path, `${path} must be left out instead of empty`)];
  }
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) {
    return [broken(path, `${path} must not hold a lone surrogate`)];
  }
  if (isList(value)) return value.flatMap((item, index) => emptyValues(item, `${path}[${index}]`));
  if (!isRecord(value)) return [];
  return Object.entries(value)
    .filter(([name, inner]) => inner !== undefined && !isEmbeddedFhir(path, name))
    .flatMap(([name, inner]) => emptyValues(inner, path === '' ? name : `${path}.${name}`));
}

/** EXT-1, EXT-2: keys must not collide with another service's. */
function localExtensionNames(value: unknown, path: string): readonly Problem[] {
  if (isList(value)) return value.flatMap((item, index) => localExtensionNames(item, `${path}[${index}]`));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    if (isEmbeddedFhir(path, name)) return [];
    if (name !== 'extension') return localExtensionNames(inner, at);
    return (isRecord(inner) ? Object.keys(inner) : [])
      .filter((key) => !/[^.]\.[^.]/.test(key))
      .map((key) => broken(`${at}.${key}`, `${at}.${key} must be a globally unique name with a dot`));
  });
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
 * Empty when it conforms. Stricter than the standard where our contract is: uuids are required, and
 * `actionSelectionBehavior` (3.0) is not used.
 */
export function checkResponse(value: unknown): readonly Problem[] {
  if (isDeeperThan(value, 2 * DEEPEST_BODY)) return [broken('', 'The body is nested too deeply')];
  const general = [...emptyValues(value, ''), ...localExtensionNames(value, '')];
  if (!validate(value)) return onePerPath([...general, ...problemsOf(validate.errors ?? [], 'INTERNAL')]);
  const particular = value.cards.flatMap((card, index) => cardProblems(card, `cards[${index}]`));
  return onePerPath([...general, ...particular, ...repeatedUuids(value.cards)]);
}
