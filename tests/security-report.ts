import { appendFileSync } from 'node:fs';

/** What became of something hostile: not let in; let in without harm; answered as if nothing were. */
export type HostileOutcome = 'refused' | 'survived' | 'answered';

/** A line for the table of what was tried, where the run asks for one (`SECURITY_REPORT`). */
export const tried = (suite: string, kind: string, outcome: HostileOutcome, detail: string): void => {
  const file = process.env['SECURITY_REPORT'];
  if (file !== undefined && file !== '')
    appendFileSync(file, `${JSON.stringify({ suite, kind, outcome, detail })}\n`);
};
