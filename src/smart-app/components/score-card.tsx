import { ToneSign } from '../../ui/body/tone-sign.js';
import { toneOf } from '../lesions.js';
import type { ScoreForm } from '../knowledge.js';
import type { ResultJson } from '../results.js';
import type { Subject } from '../subject.js';
import { useShared } from './context.js';
import { fragmentOf } from './route.js';
import { classesText, itemsText, subjectText, totalText } from './wording.js';
import { textIn } from '../../text.js';

interface Props {
  readonly score: ScoreForm;
  readonly subject: Subject;
  readonly result?: ResultJson;
}

/** One score in the overview: what is known, what is missing, and the way to its form. */
export function ScoreCard({ score, subject, result }: Props) {
  const { say, language, knowledge, changed } = useShared();
  const address = fragmentOf({ screen: 'score', score: score.id, subject });
  const isChanged = changed.includes(address);
  const classes = result === undefined ? undefined : classesText(score, result, language, say);
  const several =
    result?.items.filter(({ answer, item }) => answer === undefined && !result.missing.includes(item)) ?? [];
  const tone = result === undefined ? 'none' : toneOf(score, result);
  return (
    <li className={isChanged ? `score-card tone-${tone} changed` : `score-card tone-${tone}`}>
      {isChanged && <p className="badge badge-accent">{say('overview.changed')}</p>}
      <h4>
        {tone !== 'none' && <ToneSign tone={tone} />}
        {textIn(score.title, language)}
      </h4>
      {result !== undefined && (
        <>
          <p className="total">{totalText(score, result, say)}</p>
          {classes !== undefined && <p>{classes}</p>}
          {result.missing.length > 0 && (
            <p className="missing">
              {say('score.missing', { items: itemsText(score, result.missing, language) })}
            </p>
          )}
          {several.length > 0 && (
            <p className="missing">
              {say('score.open.several', {
                items: itemsText(
                  score,
                  several.map(({ item }) => item),
                  language,
                ),
              })}
            </p>
          )}
          {result.missing.length === 0 && several.length === 0 && <p>{say('score.complete')}</p>}
          <RecordedTotal result={result} />
        </>
      )}
      <a
        className="action"
        href={address}
        aria-label={say('score.openOf', {
          score: textIn(score.title, language),
          subject: subjectText(subject, knowledge, language, say),
        })}
      >
        {say('score.open')}
      </a>
    </li>
  );
}

/** A recorded total that is not used, and why. */
export function RecordedTotal({ result }: { readonly result: ResultJson }) {
  const { say } = useShared();
  if (result.recordedTotal === undefined) return null;
  const bare = result.items.every(({ from }) => from !== 'answer');
  return (
    <p className="mark">
      {say(bare ? 'score.recordedOnly' : 'score.recordedTotal', { total: result.recordedTotal })}
    </p>
  );
}
