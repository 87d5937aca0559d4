import { useEffect, useRef, useState } from 'react';
import { dateText } from '../../ui/date-text.js';
import { outcomeOf } from '../form.js';
import { historyOf } from '../history.js';
import { shortTitle, type ScoreForm } from '../knowledge.js';
import { subjectOf } from '../lesions.js';
import type { Loaded } from '../load.js';
import type { Session } from '../smart-session.js';
import { subjectKey, type Subject } from '../subject.js';
import { useShared } from './context.js';
import { History } from './history.js';
import { ItemFieldset } from './item-fieldset.js';
import { KnownItem } from './known-item.js';
import { OutcomePanel, Remarks } from './outcome-panel.js';
import { RecordedTotal } from './score-card.js';
import { useDraft } from './use-draft.js';
import { useSaving, type SavingState } from './use-saving.js';
import { subjectText, totalText } from './wording.js';

interface Props {
  readonly score: string;
  readonly subject: Subject;
  readonly loaded: Loaded;
  readonly session: Session;
  readonly reread: () => Promise<boolean>;
  readonly onReplaced: () => void;
  /** The score that is in the record now. */
  readonly onSaved: () => void;
  readonly onReturn: () => void;
}

/** The form of one score; nothing when the address names a score that does not exist. */
export function ScorePage(props: Props) {
  const { knowledge, say } = useShared();
  const score = knowledge.scores.find(({ id }) => id === props.score);
  if (score === undefined) return <h1 tabIndex={-1}>{say('notice.context')}</h1>;
  return <Form {...props} form={score} />;
}

function Failure({ saving }: { readonly saving: SavingState }) {
  const { say } = useShared();
  const { failure, busy, refresh } = saving;
  if (failure === undefined) return null;
  const stale = failure.problem === 'conflict' || failure.problem === 'precondition';
  return (
    <div className="problem" role="alert">
      <h3>{say('save.failed')}</h3>
      <p>{say(`save.${failure.problem}`)}</p>
      {failure.details.length > 0 && (
        <ul>
          {failure.details.map((detail) => (
            <li key={detail}>{detail}</li>
          ))}
        </ul>
      )}
      <p>{say('save.kept')}</p>
      {stale && (
        <button type="button" disabled={busy} onClick={() => void refresh()}>
          {say('save.reread')}
        </button>
      )}
    </div>
  );
}

/** After saving: said, and the way back has the focus. */
function Done({ texts, onReturn }: { readonly texts: readonly string[]; readonly onReturn: () => void }) {
  const { say } = useShared();
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (texts.length > 0) back.current?.focus();
  }, [texts]);
  return (
    <div role="status">
      {texts.length > 0 && (
        <div className="done">
          <div>
            {texts.map((text) => (
              <p key={text}>{text}</p>
            ))}
          </div>
          <button ref={back} type="button" className="primary" onClick={onReturn}>
            {say('save.return')}
          </button>
        </div>
      )}
    </div>
  );
}

const formId = 'score-form';

function Form({ form: score, ...props }: Props & { readonly form: ScoreForm }) {
  const { subject, loaded, session, reread, onReplaced, onSaved, onReturn } = props;
  const { say, language, spoken, knowledge, ageing } = useShared();
  const drafting = useDraft(session, score.id, subject);
  const { draft, restored, choose, reset } = drafting;
  const [unfolded, setUnfolded] = useState<readonly string[]>(() => Object.keys(draft.choices));
  const key = subjectKey(subject);
  const result = loaded.scores.results.find(
    (candidate) => candidate.score === score.id && subjectKey(subjectOf(candidate)) === key,
  );
  const outcome = outcomeOf(score, result, draft.choices, ageing);
  const charted = outcomeOf(score, result, {}, ageing);
  const canSave = outcome.items.some(({ answer }) => answer !== undefined);
  const saving = useSaving({
    score,
    subject,
    outcome,
    session,
    drafting,
    reread,
    onReplaced,
    onSaved: () => {
      setUnfolded([]);
      onSaved();
    },
  });
  const { busy, failure, done, write, forget } = saving;
  // Until something is changed there is nothing more to save.
  const isSaved = done.length > 0;
  // What the chart leaves open is asked, and stays where it is once it is answered.
  const isAsked = (id: string): boolean =>
    unfolded.includes(id) || charted.items.some(({ item, answer }) => item.id === id && answer === undefined);
  const asked = outcome.items.filter(({ item }) => isAsked(item.id));
  const known = outcome.items.filter(({ item }) => !isAsked(item.id));
  const title = say('form.title', {
    score: shortTitle(score, language),
    subject: subjectText(subject, knowledge, language, say),
  });
  const saveWords = busy ? say('form.saving') : failure === undefined ? say('form.save') : say('save.again');

  return (
    <>
      <div className="form-head">
        <h1 tabIndex={-1}>{title}</h1>
        <p className="hint">{say('score.section', { section: score.section })}</p>
      </div>
      <Done texts={done} onReturn={onReturn} />
      {restored && !isSaved && <p className="notice">{say('form.kept')}</p>}
      {result !== undefined && <RecordedTotal result={result} />}
      <div className="form-columns">
        <form
          id={formId}
          onSubmit={(event) => {
            event.preventDefault();
            void write();
          }}
        >
          {asked.map((entry, index) => (
            <ItemFieldset
              key={entry.item.id}
              score={score}
              entry={entry}
              takesFocus={index === 0}
              onChoose={(answer) => {
                forget();
                choose(entry.item.id, answer);
              }}
            />
          ))}
          {known.length > 0 && (
            <section className="known" aria-labelledby="known-heading">
              <h2 id="known-heading">{say('form.known')}</h2>
              <ul className="plain">
                {known.map((entry) => (
                  <KnownItem
                    key={entry.item.id}
                    score={score}
                    entry={entry}
                    onUnfold={() => {
                      setUnfolded([...unfolded, entry.item.id]);
                    }}
                  />
                ))}
              </ul>
            </section>
          )}
          {!isSaved && (
            <div className="save-bar">
              <span aria-hidden="true">{totalText(score, outcome, say)}</span>
              <button type="submit" className="primary" disabled={!canSave || busy}>
                {saveWords}
              </button>
            </div>
          )}
        </form>
        <div className="form-side">
          <OutcomePanel score={score} outcome={outcome}>
            <Failure saving={saving} />
            {!isSaved && (
              <>
                <p className="hint">
                  {canSave
                    ? say('form.willSave', { date: dateText(ageing.today, spoken) })
                    : say('form.nothing')}
                </p>
                <div className="acts">
                  <button
                    type="submit"
                    form={formId}
                    className="primary save-here"
                    disabled={!canSave || busy}
                  >
                    {saveWords}
                  </button>
                  <button
                    type="button"
                    disabled={Object.keys(draft.choices).length === 0 || busy}
                    onClick={reset}
                  >
                    {say('form.reset')}
                  </button>
                </div>
              </>
            )}
          </OutcomePanel>
        </div>
      </div>
      <div className="form-below">
        <Remarks score={score} outcome={outcome} />
        <History score={score} points={historyOf(score, subject, loaded.chart.resources, knowledge.sites)} />
      </div>
    </>
  );
}
