import type { Scalar } from '../fhirpath/compile.js';
import { choosingVariablesOf, stringsOf } from '../fhirpath/syntax.js';
import { numbersAmong, representatives, type Kind, type Value } from './value.js';

/** A code that no expression names. */
const anotherCode = '\u0000';

const anyNumber = {
  min: Number.NEGATIVE_INFINITY,
  max: Number.POSITIVE_INFINITY,
  minOpen: true,
  maxOpen: true,
};

/** What inputs that could not be had may be, as far as an expression can tell. */
export interface Absences {
  /**
   * What stands for all that this input may be; undefined among them: nothing.
   * @param beside the values of the other inputs, which it may be compared with
   */
  readingsOf(name: string, kind: Kind, beside: readonly Value[]): readonly (Scalar | undefined)[];
}

const nothing: readonly undefined[] = [undefined];

/** What could not be had taken for what is not recorded. */
export const unread: Absences = { readingsOf: () => nothing };

/**
 * FHIRPath carries «not known» through its logic, but for `iif`, which takes it for «no». There an input that could not be had is
 * tried with all that it may be: «none on record» is said of a list that was read, never of one that is missing.
 */
export function absencesIn(source: string, breakpoints: readonly number[]): Absences {
  const choosing = choosingVariablesOf(source);
  const codes = [...stringsOf(source), anotherCode];
  return {
    readingsOf: (name, kind, beside) => {
      if (!choosing.has(name)) return nothing;
      if (kind === 'boolean') return [undefined, true, false];
      if (kind === 'code') return [undefined, ...codes];
      const finite = beside.flatMap(({ possible }) => numbersAmong(possible)).filter(Number.isFinite);
      return [undefined, ...representatives([anyNumber], [...breakpoints, ...finite])];
    },
  };
}
