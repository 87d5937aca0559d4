import { useRef, useState } from 'react';
import { outcomeOf } from '../form.js';
import { historyOf } from '../history.js';
import type { ScoreForm } from '../knowledge.js';
import { subjectOf } from '../lesions.js';
import type { Loaded } from '../load.js';
import { filledForm, scoreObservation, type Saving } from '../observation.js';
import { save, type Saved } from '../save.js';
import type { Session } from '../smart-session.js';
import { subjectKey, type Subject } from '../subject.js';
import { fhirInstant } from '../when.js';
import { useShared } from './context.js';
import { History } from './history.js';
import { ItemFieldset } from './item-fieldset.js';
import { OutcomePanel, Remarks } from './outcome-panel.js';
import { Review } from './review.js';
import { RecordedTotal } from './score-card.js';
import { useDraft } from './use-draft.js';
import { subjectText, totalText } from './wording.js';

interface Props {
  readonly score: string;
  readonly subject: Subject;
  readonly loaded: Loaded;
  readonly session: Session;
  readonly reread: () => Promise<boolean>;
  readonly onReplaced: () => void;
}

/** The form of one score; nothing when the address names a score that does not exist. */
export function ScorePage(props: Props) {
  const { knowledge, say } = useShared();
  const score = knowledge.scores.find(({ id }) => id === props.score);
  if (score === undefined) return <h1 tabIndex={-1}>{say('notice.context')}</h1>;
  return <Form {...props} form={score} />;
}

function Form({
  form: score,
  subject,
  loaded,
  session,
  reread,
  onReplaced,
}: Props & { readonly form: ScoreForm }) {
  const { say, language, knowledge, ageing } = useShared();
  const { draft, restored, choose, markSent, reset } = useDraft(session, score.id, subject);
  const [reviewed, setReviewed] = useState<string>();
  const [saved, setSaved] = useState<Saved>();
  const [done, setDone] = useState<readonly string[]>([]);
  const heading = useRef<HTMLHeadingElement>(null);
  const key = subjectKey(subject);
  const result = loaded.scores.results.find(
    (candidate) => candidate.score === score.id && subjectKey(subjectOf(candidate)) === key,
  );
  const outcome = outcomeOf(score, result, draft.choices, ageing);
  const canSave = outcome.items.some(({ answer }) => answer !== undefined);

  const saving = (effective: string): Saving => ({
    score,
    outcome,
    subject,
    sites: knowledge.sites,
    patient: session.patient,
    effective,
    identifier: draft.identifier,
    language,
    ...(session.author !== undefined && { author: session.author }),
    ...(session.encounter !== undefined && { encounter: session.encounter }),
  });
  const write = async (effective: string): Promise<void> => {
    if (session.isReplaced()) {
      onReplaced();
      return;
    }
    const what = saving(effective);
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
    setReviewed(undefined);
    setSaved(undefined);
    heading.current?.focus();
  };
  const title = say('form.title', {
    score: score.title[language],
    subject: subjectText(subject, knowledge, language, say),
  });

  return (
    <>
      <p>
        <a href="#/">{say('form.back')}</a>
      </p>
      <h1 tabIndex={-1} ref={heading}>
        {title}
      </h1>
      <p className="hint">{say('score.section', { section: score.section })}</p>
      <div role="status">
        {done.map((text) => (
          <p key={text} className="done">
            {text}
          </p>
        ))}
      </div>
      {reviewed !== undefined ? (
        <Review
          saving={saving(reviewed)}
          patient={loaded.chart.patient}
          {...(saved?.kind === 'failed' && { failure: saved })}
          onSave={() => write(reviewed)}
          onReread={reread}
          onBack={() => {
            setReviewed(undefined);
            setSaved(undefined);
          }}
        />
      ) : (
        <>
          {restored && done.length === 0 && <p className="notice">{say('form.kept')}</p>}
          {result !== undefined && <RecordedTotal result={result} />}
          <div className="form-columns">
            <OutcomePanel score={score} outcome={outcome} />
            <form
              onSubmit={(event) => {
                event.preventDefault();
                setDone([]);
                setReviewed(fhirInstant(new Date()));
              }}
            >
              {outcome.items.map((entry) => (
                <ItemFieldset
                  key={entry.item.id}
                  score={score}
                  entry={entry}
                  onChoose={(answer) => {
                    choose(entry.item.id, answer);
                  }}
                />
              ))}
              {!canSave && <p className="hint">{say('form.nothing')}</p>}
              <div className="buttons">
                <button type="submit" className="primary" disabled={!canSave}>
                  {say('form.review')}
                </button>
                <button type="button" disabled={Object.keys(draft.choices).length === 0} onClick={reset}>
                  {say('form.reset')}
                </button>
              </div>
            </form>
            <Remarks score={score} outcome={outcome} />
            <p className="total-bar" aria-hidden="true">
              {totalText(score, outcome, say)}
            </p>
          </div>
          <History
            score={score}
            points={historyOf(score, subject, loaded.chart.resources, knowledge.sites)}
          />
        </>
      )}
    </>
  );
}
