import { useEffect, useState } from 'react';
import { dateText } from '../../ui/date-text.js';
import { nameOf, type Resource } from '../chart.js';
import type { Loaded } from '../load.js';
import { sheetFacts } from '../sheet.js';
import type { Session } from '../smart-session.js';
import { useShared } from './context.js';

const factLines = [
  'diagnoses',
  'histology',
  'performance',
  'treatments',
  'kidney',
  'calcium',
  'imaging',
] as const;

/** What the chart says beside the lesions; a line that it does not fill stays to be written by hand. */
export function Facts({ loaded }: { readonly loaded: Loaded }) {
  const { say, language, spoken, knowledge } = useShared();
  const facts = sheetFacts(loaded.chart, knowledge, language);
  return (
    <dl className="sheet-facts">
      {factLines.map((line) => (
        <div key={line}>
          <dt>{say(`summary.facts.${line}`)}</dt>
          <dd>
            {facts[line].length === 0
              ? say('summary.notInChart')
              : facts[line]
                  .map(({ text, date }) =>
                    date === undefined ? text : say('summary.dated', { text, date: dateText(date, spoken) }),
                  )
                  .join(' · ')}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Asked by whoever brings the patient to the board; kept in this window, written nowhere. */
export function Question({ session }: { readonly session: Session }) {
  const { say } = useShared();
  const key = `board-question|${session.server}|${session.patient}`;
  const [text, setText] = useState(() => window.sessionStorage.getItem(key) ?? '');
  return (
    <section className="sheet-question">
      <h2>
        <label htmlFor="board-question">{say('summary.question')}</label>
      </h2>
      <textarea
        id="board-question"
        className="no-print"
        rows={3}
        value={text}
        aria-describedby="board-question-help"
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          window.sessionStorage.setItem(key, currentTarget.value);
        }}
      />
      <p id="board-question-help" className="hint no-print">
        {say('summary.questionHelp')}
      </p>
      <p className={text.trim() === '' ? 'print-only by-hand' : 'print-only'}>{text}</p>
    </section>
  );
}

/** Name, birth date and page number in the margins of every printed sheet. */
export function usePrintedMargins(patient: Resource): void {
  const { say, spoken } = useShared();
  const { birthDate } = patient;
  const who = [
    nameOf(patient),
    ...(typeof birthDate === 'string' ? [say('banner.born', { date: dateText(birthDate, spoken) })] : []),
  ].join(', ');
  useEffect(() => {
    const quoted = (text: string): string => `"${text.replace(/["\\\n]/g, ' ')}"`;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      `@page { @top-left { content: ${quoted(who)} } @bottom-left { content: ${quoted(say('summary.title'))} } @bottom-right { content: ${quoted(say('summary.page'))} counter(page) " / " counter(pages) } }`,
    );
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    };
  }, [who, say]);
}
