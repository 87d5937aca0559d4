const dayMs = 86_400_000;
const weekDays = 7;

const midnight = (at: Date): number => Math.floor(at.getTime() / dayMs) * dayMs;

/** Days since the Monday of its week (ISO 8601), in UTC. */
const sinceMonday = (at: number): number => (new Date(at).getUTCDay() + 6) % weekDays;

/** The Monday of the week of a moment, at its start in UTC. */
export function mondayOf(at: Date): Date {
  const day = midnight(at);
  return new Date(day - sinceMonday(day) * dayMs);
}

/** The ISO week of a moment in UTC, such as `2026-W48`; its year is that of its Thursday. */
export function isoWeek(at: Date): string {
  const thursday = new Date(mondayOf(at).getTime() + 3 * dayMs);
  const year = thursday.getUTCFullYear();
  const number = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / dayMs / weekDays);
  return `${year}-W${String(number).padStart(2, '0')}`;
}

/** A week of a period. */
export interface Week {
  readonly name: string;
  /** The period holds all of it. */
  readonly whole: boolean;
}

/** All weeks of a period, in their order, also those in which nothing happened. */
export function weeksOf(from: Date, to: Date): readonly Week[] {
  const weeks: Week[] = [];
  for (let monday = mondayOf(from).getTime(); monday < to.getTime(); monday += weekDays * dayMs) {
    const whole = monday >= from.getTime() && monday + weekDays * dayMs <= to.getTime();
    weeks.push({ name: isoWeek(new Date(monday)), whole });
  }
  return weeks;
}
