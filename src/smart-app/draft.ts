import type { Choices } from './form.js';
import { isObject } from '../json.js';

/** The part of `sessionStorage` that drafts need. */
export type DraftStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** Unsaved choices, and the identifier under which they are to be saved. */
export interface Draft {
  readonly choices: Choices;
  readonly identifier: string;
  /** They were sent once, and no answer came: they may have been stored. */
  readonly sent: boolean;
}

const prefix = 'score-draft|';

/** The key of one form's draft; drafts of other patients are told apart by it. */
export function draftKey(server: string, patient: string, score: string, subject: string): string {
  return `${prefix}${server}|${patient}|${score}|${subject}`;
}

/** The stored draft, or undefined when there is none that can be read. */
export function readDraft(store: DraftStore, key: string): Draft | undefined {
  try {
    const value: unknown = JSON.parse(store.getItem(key) ?? 'null');
    if (!isObject(value) || typeof value['identifier'] !== 'string' || !isObject(value['choices']))
      return undefined;
    const choices = Object.entries(value['choices']).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return {
      choices: Object.fromEntries(choices),
      identifier: value['identifier'],
      sent: value['sent'] === true,
    };
  } catch {
    return undefined;
  }
}

/** Keeps a draft. Storage may be full or forbidden in a frame: the form then lives in the page only. */
export function keepDraft(store: DraftStore, key: string, draft: Draft): void {
  try {
    store.setItem(key, JSON.stringify(draft));
  } catch {
    return;
  }
}

/** Forgets a draft that is saved. */
export function dropDraft(store: DraftStore, key: string): void {
  store.removeItem(key);
}

/** Forgets what was begun for anyone but this patient. */
export function dropOtherPatients(store: DraftStore, server: string, patient: string): void {
  const keys = Array.from({ length: store.length }, (_, index) => store.key(index));
  for (const key of keys) {
    if (key?.startsWith(prefix) === true && !key.startsWith(`${prefix}${server}|${patient}|`))
      store.removeItem(key);
  }
}
