import { useState } from 'react';
import { draftKey, dropDraft, keepDraft, readDraft, type Draft } from '../draft.js';
import type { Session } from '../smart-session.js';
import { subjectKey, type Subject } from '../subject.js';

export interface DraftState {
  readonly draft: Draft;
  /** Unsaved answers were found when the form was opened. */
  readonly restored: boolean;
  readonly choose: (item: string, answer: string) => void;
  /** Whether the answers may have been stored although nobody was told. */
  readonly markSent: (sent: boolean) => void;
  readonly reset: () => void;
}

const empty = (): Draft => ({ choices: {}, identifier: crypto.randomUUID(), sent: false });

/** The unsaved answers of one form, kept in this window until they are saved. */
export function useDraft(session: Session, score: string, subject: Subject): DraftState {
  const store = window.sessionStorage;
  const key = draftKey(session.server, session.patient, score, subjectKey(subject));
  const [{ draft, restored }, setState] = useState(() => {
    const found = readDraft(store, key);
    return { draft: found ?? empty(), restored: found !== undefined };
  });
  const change = (next: Draft): void => {
    keepDraft(store, key, next);
    setState({ draft: next, restored });
  };
  return {
    draft,
    restored,
    choose: (item, answer) => {
      const choices = { ...draft.choices, [item]: answer };
      // Other answers are another assessment: what may have been stored under the old identifier stays apart.
      change({ choices, identifier: draft.sent ? crypto.randomUUID() : draft.identifier, sent: false });
    },
    markSent: (sent) => {
      change({ ...draft, sent });
    },
    reset: () => {
      dropDraft(store, key);
      setState({ draft: empty(), restored: false });
    },
  };
}
