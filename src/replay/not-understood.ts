import type { NotUnderstood } from '../chart/not-understood.js';

/** A code or a text that no value set reads, and how many resources say it. */
export interface Unread extends NotUnderstood {
  /** Hashes of some of the patients that the text stands with, the smallest first: their names are looked for in it. */
  readonly patients: readonly number[];
}

/** Collects what is not understood, with bounded memory: where too much differs, what was seen once is forgotten. */
export interface UnreadCollection {
  add(entry: Unread): void;
  entries(): readonly Unread[];
}

const mostEntries = 50_000;
const mostPatients = 3;
const longestText = 200;

/** A text on one line, and of bounded length: free text may be a whole letter. */
const brief = (words: string): string => words.replace(/\s+/g, ' ').trim().slice(0, longestText);

export function unreadCollection(): UnreadCollection {
  const known = new Map<string, Unread>();
  const forget = (): void => {
    for (let least = 1; known.size > mostEntries / 2; least++) {
      for (const [key, { count }] of known) if (count <= least) known.delete(key);
    }
  };
  return {
    add: (added) => {
      const entry = { ...added, text: brief(added.text) };
      const key = JSON.stringify([entry.type, entry.system, entry.code, entry.code === '' ? entry.text : '']);
      const other = known.get(key);
      if (other === undefined) {
        if (known.size >= mostEntries) forget();
        known.set(key, entry);
        return;
      }
      const together = { ...other, count: other.count + entry.count };
      if (entry.text === other.text) {
        const patients = [...new Set([...other.patients, ...entry.patients])].sort((a, b) => a - b);
        known.set(key, { ...together, patients: patients.slice(0, mostPatients) });
      } else if (entry.text !== '' && (other.text === '' || entry.text < other.text)) {
        // The patients are those of the text that is shown.
        known.set(key, { ...together, text: entry.text, patients: entry.patients });
      } else known.set(key, together);
    },
    entries: () => [...known.values()].sort(mostFrequentFirst),
  };
}

/** The order of the report: by count, then by what it is. */
export function mostFrequentFirst(one: Unread, other: Unread): number {
  const key = ({ type, system, code, text }: Unread): string => JSON.stringify([type, system, code, text]);
  return other.count - one.count || (key(one) < key(other) ? -1 : 1);
}

/** One cell of a CSV that no spreadsheet takes for a formula, and that holds its own quotes, commas and line breaks. */
export function cell(text: string): string {
  const safe = /^[\s]*[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** `not-understood.csv`. */
export function unreadCsv(entries: readonly Unread[]): string {
  const rows = entries.map(({ type, system, code, text, count }) =>
    [type, system, code, text, String(count)].map(cell).join(','),
  );
  return `${['type,system,code,text,count', ...rows].join('\n')}\n`;
}
