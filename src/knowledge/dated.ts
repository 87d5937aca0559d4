import type { Input } from './types.js';

/** Whether the value of an input is an epoch day, which is shown as a date. */
export const isDated = (input: Input): boolean =>
  (input.kind === 'selected' && (input.read === 'date' || input.read === 'first-date')) ||
  (input.kind === 'expression' && input.date === true);
