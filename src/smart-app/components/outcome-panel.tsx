import { subtotalTexts, type Outcome } from '../form.js';
import type { ScoreForm } from '../knowledge.js';
import { useShared } from './context.js';
import { classesText, itemsText, totalText } from './wording.js';

interface Props {
  readonly score: ScoreForm;
  readonly outcome: Outcome;
}

/** What the score is at this moment; read aloud when it changes. */
export function OutcomePanel({ score, outcome }: Props) {
  const { say, language } = useShared();
  const classes = classesText(score, outcome, language, say);
  const open = outcome.items.filter(({ possible }) => possible.length > 1).map(({ item }) => item.id);
  return (
    <section className="outcome" aria-labelledby="outcome-heading">
      <h2 id="outcome-heading">{say('form.result')}</h2>
      <div role="status" aria-live="polite" aria-atomic="true">
        <p className="total">{totalText(score, outcome, say)}</p>
        {classes !== undefined && <p>{classes}</p>}
        {outcome.missing.length > 0 && (
          <p className="missing">
            {say('score.missing', { items: itemsText(score, outcome.missing, language) })}
          </p>
        )}
        {open.length > 0 && (
          <p className="missing">{say('score.open.several', { items: itemsText(score, open, language) })}</p>
        )}
        {outcome.complete && <p>{say('score.complete')}</p>}
      </div>
    </section>
  );
}

/** Remarks of the score that hold now, and its standing warning. */
export function Remarks({ score, outcome }: Props) {
  const { say, language } = useShared();
  const texts = score.flags.filter(({ id }) => outcome.flags.includes(id));
  const subtotals = subtotalTexts(score, outcome.items, language);
  if (texts.length + subtotals.length === 0 && score.warning === undefined) return null;
  return (
    <section className="remarks">
      <h2>{say('form.flags')}</h2>
      <ul>
        {subtotals.map((text) => (
          <li key={text}>{text}</li>
        ))}
        {texts.map(({ id, text }) => (
          <li key={id}>
            {text[language]} <span className="flag-id">({id})</span>
          </li>
        ))}
        {score.warning !== undefined && <li>{score.warning[language]}</li>}
      </ul>
    </section>
  );
}
