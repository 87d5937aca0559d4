import { appendFileSync } from 'node:fs';

/**
 * One attack and what came of it: `refused` with an error that names the reason, `answered` as any other call, or
 * `survived`: the service went on, and nobody else was disturbed.
 */
export interface Attack {
  readonly suite: string;
  readonly kind: string;
  readonly outcome: 'refused' | 'survived' | 'answered';
  readonly detail: string;
  /** How often; once when left out. */
  readonly times?: number;
}

/** Adds a line to the file that `SECURITY_REPORT` names, from which the table of docs/security.md is made. */
export function reportAttack(attack: Attack): void {
  const file = process.env['SECURITY_REPORT'];
  if (file !== undefined && file !== '') appendFileSync(file, `${JSON.stringify(attack)}\n`);
}
