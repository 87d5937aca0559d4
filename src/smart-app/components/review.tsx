import { useEffect, useRef, useState } from 'react';
import { nameOf, type Resource } from '../chart.js';
import { filledForm, scoreObservation, type Saving } from '../observation.js';
import type { Saved } from '../save.js';
import { dateText } from '../when.js';
import { useShared } from './context.js';
import { classesText, subjectText } from './wording.js';

interface Props {
  readonly saving: Saving;
  readonly patient: Resource;
  readonly failure?: Extract<Saved, { kind: 'failed' }>;
  readonly onSave: () => Promise<void>;
  readonly onReread: () => Promise<boolean>;
  readonly onBack: () => void;
}

function Answers({ saving }: { readonly saving: Saving }) {
  const { say, language } = useShared();
  const { score, outcome } = saving;
  const adds = score.grade !== true;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{say('review.item')}</th>
          <th scope="col">{say('review.answer')}</th>
          {adds && (
            <th scope="col" className="number">
              {say('review.points')}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {outcome.items.map(({ item, answer }) => (
          <tr key={item.id}>
            <th scope="row">{item.text[language]}</th>
            <td>{answer?.display[language] ?? say('review.notWritten')}</td>
            {adds && <td className="number">{answer?.points ?? '–'}</td>}
          </tr>
        ))}
      </tbody>
      {adds && outcome.total !== undefined && (
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              {say('review.total')}
            </th>
            <td className="number">{outcome.total}</td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}

function Failure({ failure }: { readonly failure: NonNullable<Props['failure']> }) {
  const { say } = useShared();
  return (
    <div className="failure" role="alert">
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
    </div>
  );
}

/** Exactly what will be written, before it is. */
export function Review({ saving, patient, failure, onSave, onReread, onBack }: Props) {
  const { say, language, knowledge } = useShared();
  const [busy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  const { outcome, score, subject, effective, author } = saving;
  const open = outcome.items.filter(({ answer }) => answer === undefined).length;
  const classes = classesText(score, outcome, language, say);
  const busyWith = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    await work();
    setBusy(false);
  };
  const stale = failure?.problem === 'conflict' || failure?.problem === 'precondition';
  const retryKey = failure === undefined ? 'review.save' : 'save.again';
  return (
    <section className="review">
      <h2 ref={heading} tabIndex={-1}>
        {say('review.title')}
      </h2>
      {failure === undefined && <p>{say('review.intro')}</p>}
      <dl>
        <dt>{say('review.patient')}</dt>
        <dd>{nameOf(patient)}</dd>
        <dt>{say('review.score')}</dt>
        <dd>{score.title[language]}</dd>
        <dt>{say('review.subject')}</dt>
        <dd>{subjectText(subject, knowledge, language, say)}</dd>
        <dt>{say('review.date')}</dt>
        <dd>
          {dateText(effective, language)} {effective.slice(11, 16)}
        </dd>
        <dt>{say('review.author')}</dt>
        <dd>{author ?? say('review.authorUnknown')}</dd>
      </dl>
      <Answers saving={saving} />
      {open > 0 && <p>{open === 1 ? say('review.noTotalOne') : say('review.noTotal', { count: open })}</p>}
      {classes !== undefined && <p>{classes}</p>}
      <details>
        <summary>{say('review.resources')}</summary>
        {[scoreObservation(saving), filledForm(saving)].map((resource) => (
          <pre key={resource.resourceType} tabIndex={0} aria-label={resource.resourceType}>
            {JSON.stringify(resource, undefined, 2)}
          </pre>
        ))}
      </details>
      {failure !== undefined && <Failure failure={failure} />}
      <div className="buttons">
        <button type="button" className="primary" disabled={busy} onClick={() => void busyWith(onSave)}>
          {busy ? say('review.saving') : say(retryKey)}
        </button>
        {stale && (
          <button type="button" disabled={busy} onClick={() => void busyWith(onReread)}>
            {say('save.reread')}
          </button>
        )}
        <button type="button" disabled={busy} onClick={onBack}>
          {say('review.back')}
        </button>
      </div>
    </section>
  );
}
