import type { ValueSet } from 'fhir/r4.js';
import { problem, readCompose, type Membership, type ValueSetProblem } from './compose.js';
import { indexMemberships } from './membership-index.js';
import { normaliseCode, rulesOf } from './systems.js';

export type { ValueSetProblem, ValueSetProblemCode } from './compose.js';

/** A code with its system; a code without a system is in no value set. */
export interface SystemCode {
  readonly system: string;
  readonly code: string;
}

/** All local value sets, looked up by coding without any terminology server. */
export interface Terminology {
  /** Ids of the value sets, in the order given. */
  readonly ids: readonly string[];
  /** Ids of every value set that holds the coding, sorted; the same frozen array for the same answer. */
  setsOf(system: string | undefined, code: string | undefined): readonly string[];
  /** Whether the value set (id, or canonical URL with or without version) holds the coding. */
  memberOf(
    valueSet: string,
    coding: { readonly system?: string | undefined; readonly code?: string | undefined },
  ): boolean;
  /** The included codes, for queries; a filter gives its stem, exclusions are not applied. */
  codesOf(id: string): readonly SystemCode[];
  /** What the value sets call the code; English where the language has no designation. */
  display(system: string | undefined, code: string, language: string): string | undefined;
}

export type CompiledValueSets =
  | { readonly ok: true; readonly terminology: Terminology }
  | { readonly ok: false; readonly problems: readonly ValueSetProblem[] };

interface ReadSet {
  readonly id: string;
  readonly url: string | undefined;
  readonly memberships: readonly Membership[];
}

/**
 * Compiles enumerated value sets into one index (FHIR R4 ValueSet.compose: concepts, `concept is-a`, exclude).
 * Every problem of every set is returned at once; nothing is thrown.
 * @param sameUri the URI under which the sets hold a code system or value set that a chart names otherwise
 */
export function compileValueSets(
  valueSets: readonly ValueSet[],
  sameUri: (uri: string) => string = (uri) => uri,
): CompiledValueSets {
  const problems: ValueSetProblem[] = [];
  const sets: ReadSet[] = [];
  const seen = new Set<string>();
  for (const [index, valueSet] of valueSets.entries()) {
    const { id, url } = valueSet;
    if (id === undefined || id === '') {
      problems.push(problem('ID_MISSING', `${index}.id`, 'a value set needs an id'));
      continue;
    }
    if (seen.has(id)) problems.push(problem('ID_REPEATED', `${id}.id`, 'another value set has this id'));
    seen.add(id);
    const read = readCompose(valueSet);
    problems.push(...read.problems);
    sets.push({ id, url, memberships: read.memberships });
  }
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, terminology: terminologyOf(sets, sameUri) };
}

function terminologyOf(sets: readonly ReadSet[], sameUri: (uri: string) => string): Terminology {
  const lookUp = indexMemberships(sets);
  const idsByName = new Map(
    sets.flatMap(({ id, url }): [string, string][] => [
      [id, id],
      ...(url === undefined ? [] : [[url, id] as [string, string]]),
    ]),
  );
  const codes = new Map(sets.map(({ id, memberships }) => [id, includedCodes(memberships)]));
  const displays = displayIndex(sets);

  const setsOf: Terminology['setsOf'] = (system, code) =>
    system === undefined || code === undefined ? nothing : lookUp(sameUri(system), code);

  return {
    ids: Object.freeze(sets.map(({ id }) => id)),
    setsOf,
    memberOf: (valueSet, { system, code }) => {
      const name = sameUri(valueSet);
      const id = idsByName.get(name) ?? idsByName.get(name.split('|', 1)[0] ?? '');
      return id !== undefined && setsOf(system, code).includes(id);
    },
    codesOf: (id) => codes.get(id) ?? [],
    display: (system, code, language) => {
      if (system === undefined) return undefined;
      const found = displays.get(keyOf(sameUri(system), code));
      return found?.get(language) ?? found?.get('en');
    },
  };
}

const nothing: readonly string[] = Object.freeze([]);

function includedCodes(memberships: readonly Membership[]): readonly SystemCode[] {
  return Object.freeze(
    memberships
      .filter(({ excluded }) => !excluded)
      .map(({ rules, code }) => Object.freeze({ system: rules.system, code })),
  );
}

function displayIndex(sets: readonly ReadSet[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const displays = new Map<string, Map<string, string>>();
  for (const { rules, key, displays: named } of sets.flatMap(({ memberships }) => memberships)) {
    const coding = `${rules.system}|${key}`;
    const byLanguage = displays.get(coding) ?? new Map<string, string>();
    for (const [language, text] of Object.entries(named)) {
      if (!byLanguage.has(language)) byLanguage.set(language, text);
    }
    displays.set(coding, byLanguage);
  }
  return displays;
}

function keyOf(system: string, code: string): string {
  const rules = rulesOf(system);
  return `${rules.system}|${normaliseCode(rules, code)}`;
}
