import type { AnsweredInput, FactState, Selection } from './types.js';

/** Types of an act that is asked for, booked or done, where an input names no others. */
export const actTypes: readonly string[] = ['ServiceRequest', 'Appointment', 'Procedure'];

/** A drug that was taken and is over has done what it could; one that is still taken has no day yet. */
const doneOf = (type: string): readonly FactState[] =>
  type === 'MedicationRequest' || type === 'MedicationStatement' ? ['done', 'past'] : ['done'];

/** The selections of an act: what was asked for and what was done, of all types that can hold it. */
export function selectionsOf(input: AnsweredInput): readonly Selection[] {
  const { sameSite, aimed } = input;
  return selectionsAnywhere(input).map((selection) => ({
    ...selection,
    ...(sameSite !== undefined && { sameSite }),
    ...(aimed !== undefined && { aimed }),
  }));
}

/** The selections of each part that the act may be made of. */
export function selectionsOfParts(input: AnsweredInput): readonly (readonly Selection[])[] {
  return (input.parts?.of ?? []).map((part) => selectionsBy([part], undefined, input));
}

/** The same wherever the act lies and whatever it is aimed at. */
export function selectionsAnywhere(input: AnsweredInput): readonly Selection[] {
  return selectionsBy(input.by, input.possibly, input);
}

function selectionsBy(
  codes: readonly string[],
  possibly: readonly string[] | undefined,
  { types = actTypes, only, notAt, notIn, from }: AnsweredInput,
): readonly Selection[] {
  return types.map((type) => ({
    type,
    codes,
    ...(possibly !== undefined && { possibly }),
    state: only === 'requested' ? ['ordered'] : only === 'done' ? doneOf(type) : ['ordered', ...doneOf(type)],
    ...(notAt !== undefined && { notAt }),
    ...(notIn !== undefined && { notIn }),
    ...(from !== undefined && { from }),
  }));
}
