import type { ValueSet } from 'fhir/r4.js';
import { problem, readCompose, type Membership, type NarrowerSet, type ValueSetProblem } from './compose.js';
import { closureOf, readComposition, type Composition } from './composition.js';
import { mostExact, wholeOf } from './exactness.js';
import { indexMemberships } from './membership-index.js';
import { indexNames, type Names } from './names.js';
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
  /** The included codes, those of narrower value sets too, for queries; a filter gives its stem, exclusions are not applied. */
  codesOf(id: string): readonly SystemCode[];
  /** Of the answers of `setsOf` for several codes of one thing, those that say most. */
  mostExact(answers: readonly (readonly string[])[]): readonly (readonly string[])[];
  /** Ids of the value sets that hold all of this one, itself among them. */
  widerOf(id: string): ReadonlySet<string>;
  /**
   * Ids of the value sets of which the text names the thing, and of those that hold them. A name asserts nothing: what the
   * text is about may be a member, or not.
   */
  mayBeIn(text: string): ReadonlySet<string>;
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
  readonly narrower: readonly NarrowerSet[];
}

/** What compiling needs besides the sets. */
export interface CompileOptions {
  /** The URI under which the sets hold a code system or value set that a chart names otherwise. */
  readonly sameUri?: (uri: string) => string;
  /** Words for what the value sets are about; those of an id that is not there name nothing. */
  readonly names?: Names;
}

/**
 * Compiles value sets into one index (FHIR R4 ValueSet.compose: concepts, `concept is-a`, value sets, exclude).
 * Every problem of every set is returned at once; nothing is thrown.
 */
export function compileValueSets(
  valueSets: readonly ValueSet[],
  { sameUri = (uri) => uri, names = new Map() }: CompileOptions = {},
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
    sets.push({ id, url, memberships: read.memberships, narrower: read.narrower });
  }
  const idOf = idIndex(sets);
  const composition = readComposition(sets, (url) => idOf(sameUri(url)));
  problems.push(...composition.problems);
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, terminology: terminologyOf(sets, { idOf, composition, names, sameUri }) };
}

type IdOf = (name: string) => string | undefined;

/** Ids by id, or by canonical URL with or without a version. */
function idIndex(sets: readonly ReadSet[]): IdOf {
  const ids = new Map(
    sets.flatMap(({ id, url }): [string, string][] => [
      [id, id],
      ...(url === undefined ? [] : [[url, id] as [string, string]]),
    ]),
  );
  return (name) => ids.get(name) ?? ids.get(name.split('|', 1)[0] ?? '');
}

function terminologyOf(
  sets: readonly ReadSet[],
  {
    idOf,
    composition: { narrowerOf, widerOf },
    names,
    sameUri,
  }: Required<CompileOptions> & { readonly idOf: IdOf; readonly composition: Composition },
): Terminology {
  const lookUp = indexMemberships(sets, widerOf);
  const listed = new Map(sets.map(({ id, memberships }) => [id, includedCodes(memberships)]));
  const codes = new Map<string, readonly SystemCode[]>();
  let displays: ReturnType<typeof displayIndex> | undefined;
  const known = sets.map(({ id }) => id);
  const named = new Map(known.flatMap((id) => [[id, names.get(id) ?? []] as const]));

  const moreExact = new Map(
    known.flatMap((id) => {
      const whole = wholeOf(id);
      if (whole === undefined) return [];
      const parts = new Set(closureOf(narrowerOf(whole), narrowerOf));
      parts.delete(id);
      return [[id, parts] as const];
    }),
  );

  const setsOf: Terminology['setsOf'] = (system, code) =>
    system === undefined || code === undefined ? nothing : lookUp(sameUri(system), code);

  return {
    ids: Object.freeze(known),
    setsOf,
    memberOf: (valueSet, { system, code }) => {
      const id = idOf(sameUri(valueSet));
      return id !== undefined && setsOf(system, code).includes(id);
    },
    codesOf: (id) => {
      let found = codes.get(id);
      if (found === undefined) {
        const all = [...closureOf([id], narrowerOf)].flatMap((each) => listed.get(each) ?? []);
        codes.set(id, (found = Object.freeze(withoutRepeats(all))));
      }
      return found;
    },
    mostExact: (answers) => mostExact(answers, moreExact),
    widerOf: (id) => closureOf([id], widerOf),
    mayBeIn: indexNames(named, (id) => closureOf([id], widerOf)),
    display: (system, code, language) => {
      if (system === undefined) return undefined;
      displays ??= displayIndex(sets);
      const found = displays.get(keyOf(sameUri(system), code));
      return found?.get(language) ?? found?.get('en');
    },
  };
}

const nothing: readonly string[] = Object.freeze([]);

function includedCodes(memberships: readonly Membership[]): readonly SystemCode[] {
  return memberships
    .filter(({ excluded }) => !excluded)
    .map(({ rules, code }) => Object.freeze({ system: rules.system, code }));
}

function withoutRepeats(codes: readonly SystemCode[]): readonly SystemCode[] {
  return [...new Map(codes.map((each) => [`${each.system}|${each.code}`, each])).values()];
}

function displayIndex(sets: readonly ReadSet[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const displays = new Map<string, Map<string, string>>();
  for (const { rules, key, concept } of sets.flatMap(({ memberships }) => memberships)) {
    if (concept === undefined) continue;
    const { display, designation = [] } = concept;
    const coding = `${rules.system}|${key}`;
    const byLanguage = displays.get(coding) ?? new Map<string, string>();
    if (display !== undefined && !byLanguage.has('en')) byLanguage.set('en', display);
    for (const { language, value } of designation) {
      if (language !== undefined && !byLanguage.has(language)) byLanguage.set(language, value);
    }
    displays.set(coding, byLanguage);
  }
  return displays;
}

function keyOf(system: string, code: string): string {
  const rules = rulesOf(system);
  return `${rules.system}|${normaliseCode(rules, code)}`;
}
