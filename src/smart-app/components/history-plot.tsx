import { dateText } from '../../ui/date-text.js';
import type { HistoryPoint } from '../history.js';
import { classText, type ScoreForm } from '../knowledge.js';
import { toneOfClass } from '../lesions.js';
import { useShared } from './context.js';
import { textIn } from '../../text.js';

interface Props {
  readonly score: ScoreForm;
  readonly points: readonly HistoryPoint[];
}

const width = 480;
const height = 170;
/** The names of the classes stand at the right. */
const edge = { left: 34, right: 150, top: 12, bottom: 26 };

interface Dated extends HistoryPoint {
  readonly date: string;
}

/** Totals over time; an incomplete assessment is a bar over the totals that were possible. */
export function HistoryPlot({ score, points }: Props) {
  const { say, language, spoken } = useShared();
  const dated = points.filter(
    (point): point is Dated => point.date !== undefined && point.reachable.length > 0,
  );
  const [first] = dated;
  const last = dated.at(-1);
  if (first === undefined || last === undefined) return null;
  const lowest = Math.min(...score.classes.map(({ min }) => min));
  const highest = Math.max(...score.classes.map(({ max }) => max));
  const start = Date.parse(first.date);
  const span = Date.parse(last.date) - start;
  const xOf = (date: string): number => {
    const share = span === 0 ? 0.5 : (Date.parse(date) - start) / span;
    return edge.left + 8 + share * (width - edge.left - edge.right - 16);
  };
  const yOf = (total: number): number =>
    height - edge.bottom - ((total - lowest) / (highest - lowest)) * (height - edge.top - edge.bottom);
  const complete = dated.flatMap((point) =>
    point.total === undefined ? [] : [`${xOf(point.date)},${yOf(point.total)}`],
  );
  const label = say('history.plot', { score: textIn(score.title, language), count: dated.length });
  return (
    <svg className="plot" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {score.classes.map(({ code, min, max }) => {
        const top = yOf(Math.min(max + 0.5, highest));
        const bottom = yOf(Math.max(min - 0.5, lowest));
        return (
          <g key={code} className={`tone-${toneOfClass(score, code)}`}>
            <rect
              className="band"
              x={edge.left}
              y={top}
              width={width - edge.left - edge.right}
              height={bottom - top}
            />
            <text className="band-name" x={width - edge.right + 6} y={(top + bottom) / 2 + 4}>
              {classText(score, code, language)}
            </text>
          </g>
        );
      })}
      {[...new Set([lowest, ...score.classes.map(({ min }) => min), highest])].map((total) => (
        <text key={total} x={edge.left - 6} y={yOf(total) + 4} textAnchor="end">
          {total}
        </text>
      ))}
      <polyline className="line" points={complete.join(' ')} />
      {dated.map((point) =>
        point.total === undefined ? (
          <line
            key={point.reference}
            className="span"
            x1={xOf(point.date)}
            x2={xOf(point.date)}
            y1={yOf(Math.min(...point.reachable))}
            y2={yOf(Math.max(...point.reachable))}
          />
        ) : (
          <circle key={point.reference} className="dot" cx={xOf(point.date)} cy={yOf(point.total)} r={4.5} />
        ),
      )}
      <text x={edge.left} y={height - 6}>
        {dateText(first.date, spoken)}
      </text>
      {span > 0 && (
        <text x={width - edge.right} y={height - 6} textAnchor="end">
          {dateText(last.date, spoken)}
        </text>
      )}
    </svg>
  );
}
