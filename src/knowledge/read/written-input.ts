import type { NamedInput } from '../knowledge.js';
import type {
  AnsweredInput,
  ElapsedInput,
  LesionsInput,
  PersonInput,
  Scope,
  ScoreInput,
  SelectedInput,
  Text,
} from '../types.js';
import { documentTypes } from '../../resource-table.js';

interface Common {
  readonly title: Text;
  readonly scope?: Scope;
}

/** An input as its author writes it: the one key that says where the value comes from stands for the kind. */
export type WrittenInput = Common &
  (
    | Omit<SelectedInput, 'kind' | 'title' | 'scope'>
    | { readonly answered: Omit<AnsweredInput, 'kind' | 'title' | 'scope'> }
    | { readonly site: readonly string[] }
    | {
        readonly lesions: LesionsInput['read'];
        readonly sites?: readonly string[];
        readonly from?: 'request';
      }
    | { readonly expression: string; readonly unit?: string }
    | { readonly elapsed: Pick<ElapsedInput, 'from' | 'to' | 'unit'> }
    | { readonly undecided: string }
    | { readonly score: { readonly id: string } & Pick<ScoreInput, 'part' | 'over'> }
    | { readonly person: PersonInput['part'] }
  );

/** The FHIR types that a type of an artifact stands for. */
export function fhirTypesOf(type: string): readonly string[] {
  return type === 'Document' ? documentTypes : [type];
}

/** Turns the written form into the form that the engine reads. */
export function toInput(name: string, written: WrittenInput): NamedInput {
  const { title, scope } = written;
  const common = { name, title, ...(scope && { scope }) };
  if ('select' in written) {
    const select = written.select.flatMap((each) =>
      fhirTypesOf(each.type).map((type) => ({ ...each, type })),
    );
    return { kind: 'selected', ...written, select, name };
  }
  if ('answered' in written) {
    const { types, ...answered } = written.answered;
    return { kind: 'answered', ...common, ...answered, ...(types && { types: types.flatMap(fhirTypesOf) }) };
  }
  if ('site' in written) return { kind: 'site', ...common, sites: written.site };
  if ('lesions' in written) {
    const { lesions: read, sites, from } = written;
    return { kind: 'lesions', ...common, read, ...(sites && { sites }), ...(from && { from }) };
  }
  if ('expression' in written) return { kind: 'expression', ...written, name };
  if ('elapsed' in written) return { kind: 'elapsed', ...common, ...written.elapsed };
  if ('undecided' in written) return { kind: 'undecided', ...common, of: written.undecided };
  if ('score' in written) {
    const { id, part, over } = written.score;
    return { kind: 'score', ...common, score: id, part, ...(over && { over }) };
  }
  return { kind: 'person', ...common, part: written.person };
}
