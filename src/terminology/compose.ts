import type { ValueSet, ValueSetComposeInclude, ValueSetComposeIncludeConcept } from 'fhir/r4.js';
import { normaliseCode, rulesOf, type CodeSystemRules } from './systems.js';

export type ValueSetProblemCode =
  | 'ID_MISSING'
  | 'ID_REPEATED'
  | 'CODES_MISSING'
  | 'CODE_EMPTY'
  | 'FILTER_UNKNOWN'
  | 'INCLUDE_UNSUPPORTED'
  | 'SYSTEM_UNKNOWN'
  | 'VALUE_SET_CIRCULAR'
  | 'VALUE_SET_UNKNOWN';

/** One mistake in a value set; `path` starts with the set's id. */
export interface ValueSetProblem {
  readonly code: ValueSetProblemCode;
  readonly path: string;
  readonly message: string;
}

/** One code of a value set as it is written, or the stem of all codes that start with it. */
export interface Membership {
  readonly rules: CodeSystemRules;
  readonly code: string;
  readonly key: string;
  readonly stem: boolean;
  readonly excluded: boolean;
  /** The concept as it is written, with its names; a stem has none. */
  readonly concept?: ValueSetComposeIncludeConcept;
}

/** A value set that another one is composed of. */
export interface NarrowerSet {
  readonly url: string;
  readonly path: string;
}

/** What `compose` says, and what is wrong with it. */
export interface ReadCompose {
  readonly memberships: readonly Membership[];
  /** Canonical URLs of the value sets whose codes this one holds too. */
  readonly narrower: readonly NarrowerSet[];
  readonly problems: readonly ValueSetProblem[];
}

/** The codes that `compose` includes and excludes (FHIR R4 ValueSet.compose, enumerated, by `concept is-a`, or of value sets). */
export function readCompose(valueSet: ValueSet): ReadCompose {
  const id = valueSet.id ?? '';
  const includes = valueSet.compose?.include ?? [];
  const excludes = valueSet.compose?.exclude ?? [];
  const parts = [
    ...includes.map((part, index) => readPart(part, `${id}.compose.include.${index}`, false)),
    ...excludes.map((part, index) => readPart(part, `${id}.compose.exclude.${index}`, true)),
  ];
  const problems = parts.flatMap((part) => part.problems);
  if (includes.length === 0) {
    problems.unshift(problem('CODES_MISSING', `${id}.compose.include`, 'a value set must include codes'));
  }
  return {
    memberships: parts.flatMap((part) => part.memberships),
    narrower: parts.flatMap((part) => part.narrower),
    problems,
  };
}

function readPart(part: ValueSetComposeInclude, path: string, excluded: boolean): ReadCompose {
  if ((part.valueSet ?? []).length > 0) return readComposition(part, path, excluded);
  const problems: ValueSetProblem[] = [];
  const uri = part.system ?? '';
  if (!/^(https?:\/\/[^\s/]|urn:(oid|uuid):)\S*$/.test(uri)) {
    problems.push(
      problem(
        'SYSTEM_UNKNOWN',
        `${path}.system`,
        'an absolute code system URI (http, https or urn) is needed',
      ),
    );
  }
  const concepts = part.concept ?? [];
  const filters = part.filter ?? [];
  if (concepts.length + filters.length === 0) {
    problems.push(problem('CODES_MISSING', path, 'concepts or an is-a filter are needed'));
  }
  const rules = rulesOf(uri);
  const memberships = [
    ...concepts.map((concept, index): Membership => {
      const { code } = concept;
      const key = normaliseCode(rules, code);
      if (key === '') problems.push(emptyCode(`${path}.concept.${index}.code`));
      return { rules, code, key, stem: false, excluded, concept };
    }),
    ...filters.map((filter, index): Membership => {
      const { property, op, value } = filter;
      if (property !== 'concept' || op !== 'is-a') {
        problems.push(
          problem('FILTER_UNKNOWN', `${path}.filter.${index}`, 'only the filter «concept is-a» is read'),
        );
      } else if (!rules.prefixHierarchy) {
        problems.push(
          problem('FILTER_UNKNOWN', `${path}.filter.${index}`, 'is-a needs a system whose codes form stems'),
        );
      }
      const key = normaliseCode(rules, value);
      if (key === '') problems.push(emptyCode(`${path}.filter.${index}.value`));
      return { rules, code: value, key, stem: true, excluded };
    }),
  ];
  return { memberships, narrower: [], problems };
}

/** Several value sets in one `include` would mean what all of them hold: each stands in an include of its own. */
function readComposition(part: ValueSetComposeInclude, path: string, excluded: boolean): ReadCompose {
  const [url = '', ...others] = part.valueSet ?? [];
  const isPlain = [part.system, part.concept, part.filter].every((element) => element === undefined);
  const problems =
    isPlain && others.length === 0 && !excluded
      ? []
      : [
          problem(
            'INCLUDE_UNSUPPORTED',
            `${path}.valueSet`,
            'one value set alone in an include: intersections and exclusions of value sets are not read',
          ),
        ];
  return { memberships: [], narrower: [{ url, path: `${path}.valueSet.0` }], problems };
}

function emptyCode(path: string): ValueSetProblem {
  return problem('CODE_EMPTY', path, 'the code is empty');
}

export function problem(code: ValueSetProblemCode, path: string, message: string): ValueSetProblem {
  return { code, path, message };
}
