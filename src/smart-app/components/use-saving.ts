import { useState } from 'react';
import type { Outcome } from '../form.js';
import type { ScoreForm } from '../knowledge.js';
import { filledForm, scoreObservation, type Saving } from '../observation.js';
import { save, type Saved } from '../save.js';
import type { Session } from '../smart-session.js';
import type { Subject } from '../subject.js';
import { fhirInstant } from '../when.js';
import { useShared } from './context.js';
import type { DraftState } from './use-draft.js';

interface Wanted {
  readonly score: ScoreForm;
  readonly subject: Subject;
  readonly outcome: Outcome;
  readonly session: Session;
  readonly drafting: DraftState;
  readonly reread: () => Promise<boolean>;
  readonly onReplaced: () => void;
  readonly onSaved: () => void;
}

export interface SavingState {
  readonly busy: boolean;
  readonly failure?: Extract<Saved, { readonly kind: 'failed' }>;
  /** What is told once it is saved. */
  readonly done: readonly string[];
  readonly write: () => Promise<void>;
  /** Reads the chart again, after it was changed by others. */
  readonly refresh: () => Promise<void>;
  readonly forget: () => void;
}

/** Writes the form to the record; what was typed stays until the record has it. */
export function useSaving(wanted: Wanted): SavingState {
  const { score, subject, outcome, session, drafting, reread, onReplaced, onSaved } = wanted;
  const { say, language, knowledge } = useShared();
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState<Saved>();
  const [done, setDone] = useState<readonly string[]>([]);
  const { draft, markSent, reset } = drafting;

  const attempt = async (): Promise<void> => {
    if (session.isReplaced()) {
      onReplaced();
      return;
    }
    const what: Saving = {
      score,
      outcome,
      subject,
      sites: knowledge.sites,
      patient: session.patient,
      effective: fhirInstant(new Date()),
      identifier: draft.identifier,
      language,
      ...(session.author !== undefined && { author: session.author }),
      ...(session.encounter !== undefined && { encounter: session.encounter }),
    };
    markSent(true);
    const answer = await save(scoreObservation(what), filledForm(what), draft.sent, session);
    setSaved(answer);
    if (answer.kind === 'failed') {
      markSent(answer.problem === 'no-answer' || answer.problem === 'server');
      return;
    }
    reset();
    const read = await reread();
    setDone([
      say('save.done'),
      ...(answer.form === 'refused' ? [say('save.formRefused')] : []),
      ...(read ? [] : [say('save.rereadFailed')]),
    ]);
    onSaved();
  };
  const busyWith = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    await work();
    setBusy(false);
  };
  return {
    busy,
    done,
    ...(saved?.kind === 'failed' && { failure: saved }),
    write: () => busyWith(attempt),
    refresh: () => busyWith(reread),
    forget: () => {
      setDone([]);
    },
  };
}
