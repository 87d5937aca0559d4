import type { ReactNode } from 'react';
import { subtotalTexts, type Outcome } from '../form.js';
import { nextSteps, type ScoreForm } from '../knowledge.js';
import { toneOf } from '../lesions.js';
import { ToneSign } from '../../ui/body/tone-sign.js';
import { useShared } from './context.js';
import { Gauge } from './gauge.js';
import { classesText, itemsText, totalText } from './wording.js';
import { textIn } from '../../text.js';

interface Props {
  readonly score: ScoreForm;
  readonly outcome: Outcome;
  /** Saving, and what came of it. */
  readonly children: ReactNode;
}

/** What the score is at this moment, what follows from it, and the way to save it; read aloud when it changes. */
export function OutcomePanel({ score, outcome, children }: Props) {
  const { say, language } = useShared();
  const classes = classesText(score, outcome, language, say);
  const open = outcome.items.filter(({ possible }) => possible.length > 1).map(({ item }) => item.id);
  const next = nextSteps(score, outcome.possibleClasses, language);
  return (
    <section className={`outcome panel tone-${toneOf(score, outcome)}`} aria-labelledby="outcome-heading">
      <h2 id="outcome-heading">{say('form.result')}</h2>
      <div role="status" aria-live="polite" aria-atomic="true">
        <p className="total">
          <ToneSign tone={toneOf(score, outcome)} /> {totalText(score, outcome, say)}
        </p>
        {classes !== undefined && <p>{classes}</p>}
        {next.kind === 'one' && <p className="next">{next.text}</p>}
        {next.kind === 'several' && <p className="next">{say('form.nextOpen')}</p>}
        {outcome.missing.length > 0 && (
          <p className="missing">
            {say('score.missing', { items: itemsText(score, outcome.missing, language) })}
          </p>
        )}
        {open.length > 0 && (
          <p className="missing">{say('score.open.several', { items: itemsText(score, open, language) })}</p>
        )}
      </div>
      {score.grade !== true && <Gauge score={score} outcome={outcome} />}
      {children}
    </section>
  );
}

/** Remarks of the score that hold now, and its standing warning. */
export function Remarks({ score, outcome }: Omit<Props, 'children'>) {
  const { say, language } = useShared();
  const texts = score.flags.filter(({ id }) => outcome.flags.includes(id));
  const subtotals = subtotalTexts(score, outcome.items, language);
  if (texts.length + subtotals.length === 0 && score.warning === undefined) return null;
  return (
    <section className="remarks panel">
      <h2>{say('form.flags')}</h2>
      <ul>
        {subtotals.map((text) => (
          <li key={text}>{text}</li>
        ))}
        {texts.map(({ id, text }) => (
          <li key={id}>{textIn(text, language)}</li>
        ))}
        {score.warning !== undefined && <li>{textIn(score.warning, language)}</li>}
      </ul>
    </section>
  );
}
