import { dateText } from '../../ui/date-text.js';
import { rangeText } from '../form.js';
import type { HistoryPoint } from '../history.js';
import { classText, type ScoreForm } from '../knowledge.js';
import { HistoryPlot } from './history-plot.js';
import { useShared } from './context.js';

interface Props {
  readonly score: ScoreForm;
  readonly points: readonly HistoryPoint[];
}

/** Earlier assessments as a plot, and as the table that says the same. */
export function History({ score, points }: Props) {
  const { say, language, spoken } = useShared();
  const resultOf = (point: HistoryPoint): string => {
    if (score.grade === true) return point.class?.toUpperCase() ?? '';
    if (point.total !== undefined) return String(point.total);
    return say('history.incomplete', { range: rangeText(point.reachable) });
  };
  return (
    <section className="history panel" aria-labelledby="history-heading">
      <h2 id="history-heading">{say('history.title')}</h2>
      {points.length === 0 && <p>{say('history.none')}</p>}
      {points.length > 0 && (
        <>
          {score.grade !== true && <HistoryPlot score={score} points={points} />}
          <table>
            <thead>
              <tr>
                <th scope="col">{say('history.date')}</th>
                <th scope="col">{say('history.total')}</th>
                <th scope="col">{say('history.class')}</th>
              </tr>
            </thead>
            <tbody>
              {points.map((point) => (
                <tr key={point.reference}>
                  <th scope="row">
                    {point.date === undefined ? say('form.undated') : dateText(point.date, spoken)}
                  </th>
                  <td>
                    {resultOf(point)}
                    {point.recordedTotal !== undefined &&
                      ` (${say('history.recorded', { total: point.recordedTotal })})`}
                  </td>
                  <td>{point.class === undefined ? '–' : classText(score, point.class, language)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}
