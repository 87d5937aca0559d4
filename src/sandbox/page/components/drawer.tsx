import { useEffect, useState, type ReactNode } from 'react';
import type { CallTrace } from '../../../call-trace.js';
import { Icon } from '../../../ui/icon.js';
import { asCurl, type Exchange } from '../cds-client.js';
import { useWording } from '../language.js';
import { loadTrace } from '../trace.js';
import { JsonTree } from './json-tree.js';
import { Stage, Stages } from './stages.js';
import { isObject } from '../../../json.js';

const pathOf = (url: string): string => (URL.canParse(url) ? new URL(url).pathname : url);

const hookOf = ({ body }: Exchange): string =>
  isObject(body) && typeof body.hook === 'string' ? body.hook : '';

/** The call itself: what was sent, what came back, and how to send it again. */
function Call({
  exchange,
  matches,
}: {
  readonly exchange: Exchange;
  readonly matches: (row: object) => boolean;
}): ReactNode {
  const { t, number } = useWording();
  const [trace, setTrace] = useState<CallTrace>();
  const [copied, setCopied] = useState(false);
  const { method, url, status, headers, body, answer, milliseconds, requestId } = exchange;
  const isHook = hookOf(exchange) !== '';
  useEffect(() => {
    let shown = true;
    setTrace(undefined);
    setCopied(false);
    if (isHook && requestId !== undefined) {
      void loadTrace(requestId).then((found) => {
        if (shown) setTrace(found);
      });
    }
    return () => {
      shown = false;
    };
  }, [isHook, requestId]);
  return (
    <article className="call" aria-label={t('call', { path: pathOf(url) })}>
      <div className="section-head">
        <h3>
          {method} {pathOf(url)}
        </h3>
        <button
          type="button"
          onClick={() => {
            void navigator.clipboard.writeText(asCurl(exchange)).then(() => {
              setCopied(true);
            });
          }}
        >
          <Icon name={copied ? 'done' : 'code'} />
          {t(copied ? 'copied' : 'copyCurl')}
        </button>
      </div>
      <p className="soft">
        {status === 0 ? t('notReached') : t('status', { status })} {t('ms', { ms: number(milliseconds) })}
      </p>
      <Stage title={t('request')} result={hookOf(exchange)}>
        <pre>
          {Object.entries(headers)
            .map(([name, value]) => `${name}: ${value}`)
            .join('\n')}
        </pre>
        {body !== undefined && <JsonTree value={body} />}
      </Stage>
      {trace !== undefined && <Stages trace={trace} matches={matches} />}
      <Stage title={t('response')} result={String(status)} milliseconds={milliseconds} isOpen={!isHook}>
        {answer === undefined ? <p>{t('noBody')}</p> : <JsonTree value={answer} />}
      </Stage>
    </article>
  );
}

/** For who connects an EHR: every call of this session and what was made of it, beside the cards. */
export function Drawer({ exchanges }: { readonly exchanges: readonly Exchange[] }): ReactNode {
  const { t, number } = useWording();
  const [filter, setFilter] = useState('');
  const [chosen, setChosen] = useState<string>();
  const wanted = filter.trim().toLowerCase();
  const matches = (row: object): boolean => JSON.stringify(row).toLowerCase().includes(wanted);
  const isHook = (exchange: Exchange): boolean => hookOf(exchange) !== '';
  const shown = exchanges.find(({ id }) => id === chosen) ?? exchanges.find(isHook) ?? exchanges[0];
  return (
    <section className="drawer" aria-labelledby="drawer-title">
      <header className="section-head">
        <h2 id="drawer-title">{t('calls')}</h2>
        <input
          type="search"
          className="filter"
          aria-label={t('filter')}
          placeholder={t('filter')}
          value={filter}
          onChange={(event) => {
            setFilter(event.currentTarget.value);
          }}
        />
      </header>
      {exchanges.length === 0 && <p className="note">{t('noCalls')}</p>}
      <ol className="calls plain" aria-label={t('calls')}>
        {exchanges.map((exchange) => (
          <li key={exchange.id}>
            <button
              type="button"
              className="quiet"
              aria-pressed={exchange === shown}
              onClick={() => {
                setChosen(exchange.id);
              }}
            >
              <code>
                {exchange.method} {pathOf(exchange.url)}
              </code>
              <span className="soft">
                {hookOf(exchange)} {exchange.status} · {t('ms', { ms: number(exchange.milliseconds) })}
              </span>
            </button>
          </li>
        ))}
      </ol>
      {shown !== undefined && <Call key={shown.id} exchange={shown} matches={matches} />}
    </section>
  );
}
