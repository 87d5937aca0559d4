import { shortDateText } from '../../ui/date-text.js';
import type { FormItem } from '../form.js';
import type { ScoreForm } from '../knowledge.js';
import { useShared } from './context.js';
import { Marks } from './item-fieldset.js';
import { textIn } from '../../text.js';

interface Props {
  readonly score: ScoreForm;
  readonly entry: FormItem;
  readonly onUnfold: () => void;
}

/** An item that the chart answers, in one line: «Location: mobile, 2 · 25 Nov · derived from the chart». */
export function KnownItem({ score, entry, onUnfold }: Props) {
  const { say, language, spoken, ageing } = useShared();
  const { item, answer, prefill } = entry;
  if (answer === undefined) return null;
  const newest = (prefill?.evidence ?? [])
    .flatMap(({ date }) => date ?? [])
    .sort()
    .at(-1);
  const name = textIn(item.text, language);
  const said = textIn(answer.display, language);
  const notes = [
    score.grade === true ? said : say('form.knownPoints', { answer: said, points: answer.points }),
    ...(newest === undefined ? [] : [shortDateText(newest, spoken, ageing.today)]),
  ];
  return (
    <li className="known-item">
      <div>
        <p>
          {say('list.line', { name, text: '' })}
          <strong>{notes[0]}</strong>
          {notes.length > 1 && (
            <>
              {' '}
              <span className="whole">· {notes[1]}</span>
            </>
          )}
          {prefill?.from !== undefined && (
            <>
              {' '}
              <span className="hint whole">· {say(`form.from.${prefill.from}`)}</span>
            </>
          )}
        </p>
        <Marks entry={entry} />
      </div>
      <button
        type="button"
        className="quiet"
        aria-label={say('form.changeOf', { item: name })}
        onClick={onUnfold}
      >
        {say('form.change')}
      </button>
    </li>
  );
}
