import { ToneSign } from '../../ui/body/tone-sign.js';
import type { Outcome } from '../form.js';
import { gaugeOf } from '../gauge.js';
import { classText, type ScoreForm } from '../knowledge.js';
import { useShared } from './context.js';
import { totalText } from './wording.js';

interface Props {
  readonly score: ScoreForm;
  readonly outcome: Pick<Outcome, 'reachable' | 'possibleClasses' | 'total' | 'class'>;
}

/** The scale of the score with the totals that can still come out, and its classes by name. */
export function Gauge({ score, outcome }: Props) {
  const { say, language } = useShared();
  const { bands, totals } = gaugeOf(score, outcome.reachable);
  return (
    <div className="gauge">
      <div className="gauge-scale" role="img" aria-label={totalText(score, outcome, say)}>
        {bands.map(({ code, min, max, tone, possible }) => (
          <span
            key={code}
            className={possible ? `gauge-band tone-${tone}` : 'gauge-band gauge-out'}
            style={{ flexGrow: max - min + 1 }}
          />
        ))}
        {totals.map(({ total, at }) => (
          <span
            key={total}
            className={totals.length === 1 ? 'gauge-total gauge-only' : 'gauge-total'}
            style={{ left: `${at * 100}%` }}
          />
        ))}
      </div>
      <ul className="gauge-key">
        {bands.map(({ code, min, max, tone, possible }) => (
          <li key={code} className={possible ? `tone-${tone}` : `tone-${tone} gauge-out`}>
            <ToneSign tone={tone} />
            <span className="gauge-range">{min === max ? min : say('gauge.range', { min, max })}</span>
            {possible ? (
              <strong>{classText(score, code, language)}</strong>
            ) : (
              classText(score, code, language)
            )}
            {!possible && <span className="unseen">{say('gauge.out')}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
