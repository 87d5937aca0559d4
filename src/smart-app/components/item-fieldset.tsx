import { dateText } from '../../ui/date-text.js';
import { notKnown, type FormItem } from '../form.js';
import type { ScoreForm } from '../knowledge.js';
import { useShared } from './context.js';
import { textIn } from '../../text.js';
import { alternatives } from './wording.js';

interface Props {
  readonly score: ScoreForm;
  readonly entry: FormItem;
  /** The first question that is open takes the focus when the form is shown. */
  readonly takesFocus: boolean;
  readonly onChoose: (answer: string) => void;
}

/** What the chart says of an item that was not simply taken over, and from when. */
function Source({ entry }: { readonly entry: FormItem }) {
  const { say, language, spoken, source } = useShared();
  const { prefill, changed } = entry;
  if (prefill === undefined || prefill.evidence.length === 0) return null;
  const stated = entry.item.answers.filter(({ code }) => code === prefill.answer);
  const origins = prefill.evidence.map(({ reference, date }) =>
    say('form.evidenceDated', {
      source: source(reference),
      date: date === undefined ? say('form.undated') : dateText(date, spoken),
    }),
  );
  const texts = [
    ...(changed
      ? stated.map(({ display }) => say('form.chartSaid', { answer: textIn(display, language) }))
      : []),
    ...(!changed && prefill.from !== undefined ? [say(`form.from.${prefill.from}`)] : []),
    ...new Set(origins),
  ];
  return <p className="source">{texts.join(' · ')}</p>;
}

/** What has to be checked in a prefilled answer. */
export function Marks({ entry }: { readonly entry: FormItem }) {
  const { say, language, ageing } = useShared();
  const { prefill, item, marks } = entry;
  const supported = item.answers.filter(({ points }) => prefill?.points.includes(points));
  const answers = alternatives(
    supported.map(({ display }) => textIn(display, language)),
    language,
  );
  return marks.map((mark) => (
    <p key={mark} className="mark">
      {say(`form.mark.${mark}`, { answers, months: ageing.oldEvidenceMonths ?? '' })}
    </p>
  ));
}

/** One question, its answers as large chips, and what the chart says of it. */
export function ItemFieldset({ score, entry, takesFocus, onChoose }: Props) {
  const { say, language } = useShared();
  const { item, answer, possible } = entry;
  const name = `item-${item.id}`;
  const isUnknown = possible.length === 0;
  return (
    <fieldset className={answer === undefined ? 'item open' : 'item'}>
      <legend>{textIn(item.text, language)}</legend>
      <div className="chips">
        {item.answers.map(({ code, display, points }, index) => (
          <label
            key={code}
            className={
              possible.length > 1 && possible.some((one) => one.code === code) ? 'chip chip-possible' : 'chip'
            }
          >
            <input
              type="radio"
              name={name}
              value={code}
              checked={answer?.code === code}
              {...(takesFocus && index === 0 && { 'data-first': 'true' })}
              onChange={() => {
                onChoose(code);
              }}
            />
            <span>{textIn(display, language)}</span>
            {score.grade !== true && (
              <span className="points">
                <span aria-hidden="true">{points}</span>
                <span className="unseen">{say('score.points', { points })}</span>
              </span>
            )}
          </label>
        ))}
        <label className="chip chip-unknown">
          <input
            type="radio"
            name={name}
            value={notKnown}
            checked={isUnknown}
            onChange={() => {
              onChoose(notKnown);
            }}
          />
          <span>{say('form.notKnown')}</span>
        </label>
      </div>
      <Marks entry={entry} />
      <Source entry={entry} />
    </fieldset>
  );
}
