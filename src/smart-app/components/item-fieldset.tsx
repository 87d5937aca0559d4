import { notKnown, type FormItem } from '../form.js';
import type { ScoreForm } from '../knowledge.js';
import { dateText } from '../when.js';
import { useShared } from './context.js';
import { alternatives, pointsText } from './wording.js';

interface Props {
  readonly score: ScoreForm;
  readonly entry: FormItem;
  readonly onChoose: (answer: string) => void;
}

function Source({ entry }: { readonly entry: FormItem }) {
  const { say, language, source } = useShared();
  const { prefill, changed, answer } = entry;
  if (prefill === undefined) {
    return <p className="source">{answer === undefined ? say('form.required') : say('form.from.chosen')}</p>;
  }
  const stated = entry.item.answers.filter(({ code }) => code === prefill.answer);
  return (
    <div className="source">
      {changed ? (
        <p>{say('form.from.changed')}</p>
      ) : (
        prefill.from && <p>{say(`form.from.${prefill.from}`)}</p>
      )}
      {changed &&
        stated.map(({ code, display }) => (
          <p key={code}>{say('form.chartSaid', { answer: display[language] })}</p>
        ))}
      <ul>
        {prefill.evidence.map(({ reference, date }) => (
          <li key={reference}>
            {say('form.evidenceDated', {
              source: source(reference),
              date: date === undefined ? say('form.undated') : dateText(date, language),
            })}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Marks({ entry }: { readonly entry: FormItem }) {
  const { say, language, ageing } = useShared();
  const { prefill, item, marks } = entry;
  const supported = item.answers.filter(({ points }) => prefill?.points.includes(points));
  const answers = alternatives(
    supported.map(({ display }) => display[language]),
    language,
  );
  return marks.map((mark) => (
    <p key={mark} className="mark">
      {say(`form.mark.${mark}`, { answers, months: ageing.oldEvidenceMonths ?? '' })}
    </p>
  ));
}

/** One question with its answers, what the chart says of it, and from when. */
export function ItemFieldset({ score, entry, onChoose }: Props) {
  const { say, language } = useShared();
  const { item, answer, possible } = entry;
  const name = `item-${item.id}`;
  const isUnknown = possible.length === 0;
  return (
    <fieldset className={isUnknown ? 'item unanswered' : 'item'}>
      <legend>{item.text[language]}</legend>
      <div className="answers">
        {item.answers.map(({ code, display, points }) => (
          <label
            key={code}
            className={possible.some((one) => one.code === code) ? 'answer possible' : 'answer'}
          >
            <input
              type="radio"
              name={name}
              value={code}
              checked={answer?.code === code}
              onChange={() => {
                onChoose(code);
              }}
            />
            <span>{display[language]}</span>
            {score.grade !== true && <span className="points">{pointsText(points, language, say)}</span>}
          </label>
        ))}
        <label className="answer">
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
