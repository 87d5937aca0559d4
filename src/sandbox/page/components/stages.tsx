import type { ReactNode } from 'react';
import type { CallTrace, TracedData, TracedFact, TracedRule } from '../../../call-trace.js';
import { Icon } from '../../../ui/icon.js';
import type { IconName } from '../../../ui/icon-shapes.js';
import { useWording } from '../language.js';

interface StageProps {
  readonly title: string;
  /** How much came out of it, and how long it took. */
  readonly result: string;
  readonly milliseconds?: unknown;
  readonly isOpen?: boolean;
  readonly children: ReactNode;
}

/** One stage of a call, folded to one line. */
export function Stage({ title, result, milliseconds, isOpen = false, children }: StageProps): ReactNode {
  const { t, number } = useWording();
  return (
    <details className="stage" open={isOpen}>
      <summary>
        <strong>{title}</strong>
        <span className="soft">{result}</span>
        {typeof milliseconds === 'number' && (
          <span className="soft ms">{t('ms', { ms: number(Math.round(milliseconds * 10) / 10) })}</span>
        )}
      </summary>
      {children}
    </details>
  );
}

const outcomeIcons: Readonly<Record<string, IconName>> = {
  fires: 'fires',
  silent: 'silent',
  unknown: 'unknown',
  failed: 'failed',
};

const outcomeOrder = ['failed', 'fires', 'unknown', 'silent'];

const rank = ({ outcome }: TracedRule): number => outcomeOrder.indexOf(outcome);

/** How many rows there are of each kind: «2 given · 1 missing». */
function counted(kinds: readonly string[], words: (kind: string, count: number) => string): string {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${words(kind, count)}`).join(' · ');
}

/** As much of a query as shows what is asked for; its list of codes may be long. */
const shownOfQuery = 120;

function Query({ text }: { readonly text: string }): ReactNode {
  if (text.length <= shownOfQuery) return <code>{text}</code>;
  return (
    <details>
      <summary>
        <code>{text.slice(0, shownOfQuery)}…</code>
      </summary>
      <code>{text}</code>
    </details>
  );
}

function DataTable({ rows }: { readonly rows: readonly TracedData[] }): ReactNode {
  const { t, state } = useWording();
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={t('stage.data')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('key')}</th>
            <th scope="col">{t('state')}</th>
            <th scope="col">{t('resources')}</th>
            <th scope="col">{t('query')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.key}</th>
              <td>
                <span className={`badge badge-${row.state}`}>{state(row.state)}</span>
                {row.because !== undefined && <code> {row.because}</code>}
              </td>
              <td>{row.resources}</td>
              <td>
                <Query text={row.query} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Facts({ rows }: { readonly rows: readonly TracedFact[] }): ReactNode {
  const { t, date } = useWording();
  return (
    <ul className="facts plain">
      {rows.map(({ input, title, value, date: day }) => (
        <li key={input}>
          <span title={input}>{t('labelled', { label: title })}</span>{' '}
          <strong>{value ?? t('notKnown')}</strong>
          {day !== undefined && <span className="soft"> {date(day)}</span>}
        </li>
      ))}
    </ul>
  );
}

function Rule({ row }: { readonly row: TracedRule }): ReactNode {
  const { t, state, language } = useWording();
  const { rule, title, outcome, because, missing, unchecked } = row;
  return (
    <li className="rule">
      <p>
        <span className={`badge badge-${outcome}`}>
          <Icon name={outcomeIcons[outcome] ?? 'info'} />
          {state(outcome)}
        </span>{' '}
        <a href={`/guideline/${rule}?lang=${language}`} target="_blank" rel="noreferrer">
          {title}
        </a>
      </p>
      {because.length > 0 && <Facts rows={because} />}
      {missing.length > 0 && <p className="soft">{t('missingKeys', { keys: missing.join(', ') })}</p>}
      {unchecked.length > 0 && <p className="soft">{t('uncheckedKeys', { keys: unchecked.join(', ') })}</p>}
    </li>
  );
}

/** What the service made of a call, stage by stage; `matches` is the filter of the drawer. */
export function Stages(props: {
  readonly trace: CallTrace;
  readonly matches: (row: object) => boolean;
}): ReactNode {
  const { t, state } = useWording();
  const { trace, matches } = props;
  const { milliseconds } = trace;
  const rules = trace.rules.filter(matches).toSorted((a, b) => rank(a) - rank(b));
  const data = trace.data.filter(matches);
  const facts = trace.facts.filter(matches);
  return (
    <>
      <Stage
        title={t('stage.data')}
        result={counted(
          data.map((row) => row.state),
          state,
        )}
        milliseconds={milliseconds.gather}
      >
        <p className="soft">{t('fhirRequests', { count: trace.fhirRequests })}</p>
        <DataTable rows={data} />
      </Stage>
      <Stage title={t('stage.facts')} result={String(facts.length)}>
        <Facts rows={facts} />
      </Stage>
      <Stage
        title={t('stage.rules')}
        result={counted(
          rules.map(({ outcome }) => outcome),
          state,
        )}
        milliseconds={milliseconds.decide}
        isOpen
      >
        <ul className="rules plain">
          {rules.map((row) => (
            <Rule key={row.rule} row={row} />
          ))}
        </ul>
      </Stage>
      <Stage
        title={t('stage.cards')}
        result={counted(
          trace.cards.map((card) => card.state),
          state,
        )}
        milliseconds={milliseconds.say}
      >
        <ul className="rules plain">
          {trace.cards.filter(matches).map((card) => (
            <li key={card.uuid} className="rule">
              <p>
                <span className="badge">{state(card.state)}</span> {card.summary}
              </p>
              <p className="soft">
                <code>{card.rule}</code>
              </p>
            </li>
          ))}
        </ul>
      </Stage>
    </>
  );
}
