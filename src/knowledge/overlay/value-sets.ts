import type { ValueSet } from 'fhir/r4.js';
import { entriesOf } from '../read/artifacts.js';
import type { Artifact, Named } from '../read/artifacts.js';
import type { Override } from '../knowledge.js';
import type { Report } from '../problem.js';
import { show } from '../read/source.js';

/** A code of the hospital (of CCAM, of its laboratory) that means what a value set of ours means. */
export interface LocalCode {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
  readonly reason: string;
}

const sizeOf = (valueSet: ValueSet): string =>
  `${valueSet.compose?.include.reduce((sum, { concept = [] }) => sum + concept.length, 0) ?? 0} codes`;

/** Value sets that take the place of ours, by their url. What the file does not say of itself, ours says. */
export function localValueSets(
  files: readonly Artifact<ValueSet>[],
  valueSets: Map<string, ValueSet>,
  report: Report,
): readonly Override[] {
  return files.flatMap(({ source, value }): Override[] => {
    const ours = [...valueSets.values()].find(({ url }) => url === value.url);
    if (!ours?.id) {
      report(source.problem('NAME_UNKNOWN', ['url'], 'the url of a value set of ours', show(value.url)));
      return [];
    }
    valueSets.set(ours.id, { ...ours, ...value, id: ours.id });
    return [{ kind: 'value-set', name: ours.id, file: source.file, from: sizeOf(ours), to: sizeOf(value) }];
  });
}

const holds = ({ compose }: ValueSet, { system, code }: LocalCode): boolean =>
  compose?.include.some(
    (include) => include.system === system && include.concept?.some((concept) => concept.code === code),
  ) ?? false;

function withCode(valueSet: ValueSet, { system, code, display }: LocalCode): ValueSet {
  const concept = { code, ...(display !== undefined && { display }) };
  const include = [...(valueSet.compose?.include ?? []), { system, concept: [concept] }];
  return { ...valueSet, compose: { ...valueSet.compose, include } };
}

/**
 * Codes added to value sets of ours, each with the reason why it belongs there.
 * @param answers those of the answers of scores, which hold our own codes alone until a hospital adds its own
 */
export function localCodes(
  files: readonly Artifact<Named<readonly LocalCode[]>>[],
  valueSets: Map<string, ValueSet>,
  answers: ReadonlyMap<string, ValueSet>,
  report: Report,
): readonly Override[] {
  return files.flatMap((file) => {
    const { source } = file;
    return entriesOf(file).flatMap(([id, codes]): readonly Override[] => {
      const ours = valueSets.get(id) ?? answers.get(id);
      if (ours === undefined) {
        report(source.problemAtKey('NAME_UNKNOWN', [id], 'the id of a value set', id));
        return [];
      }
      const changed = codes.reduce((valueSet, code, index) => {
        // What a release of ours holds by now is no mistake of the hospital's.
        if (holds(ours, code)) return valueSet;
        if (!holds(valueSet, code)) return withCode(valueSet, code);
        const found = `${code.system}|${code.code}`;
        report(
          source.problem(
            'OVERLAY_INVALID',
            [id, index],
            'a code that the value set does not hold yet',
            found,
          ),
        );
        return valueSet;
      }, ours);
      valueSets.set(id, changed);
      const reason = codes.map((each) => `${each.code}: ${each.reason}`).join('; ');
      const [from, to] = [sizeOf(ours), sizeOf(changed)];
      return [{ kind: 'value-set', name: id, file: source.file, from, to, reason }];
    });
  });
}
