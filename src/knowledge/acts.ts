import type { AnsweredInput, Selection } from './types.js';

/** Types of an act that is asked for, booked or done, where an input names no others. */
export const actTypes: readonly string[] = ['ServiceRequest', 'Appointment', 'Procedure'];

/** The selections of an act: what was asked for and what was done, of all types that can hold it. */
export function selectionsOf(input: AnsweredInput): readonly Selection[] {
  const { by, types = actTypes, only, sameSite, notAt, notIn, aimed, from } = input;
  return types.map((type) => ({
    type,
    codes: by,
    state: only === 'requested' ? ['ordered'] : only === 'done' ? ['done'] : ['ordered', 'done'],
    ...(sameSite !== undefined && { sameSite }),
    ...(notAt !== undefined && { notAt }),
    ...(notIn !== undefined && { notIn }),
    ...(aimed !== undefined && { aimed }),
    ...(from !== undefined && { from }),
  }));
}
