import { useState, type ReactNode } from 'react';
import { Dialog } from '../../../ui/dialog.js';
import { asCurl, type Exchange } from '../cds-client.js';
import { useWording } from '../language.js';

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}

function ExchangeView({ exchange }: { readonly exchange: Exchange }): ReactNode {
  const { t } = useWording();
  const [copied, setCopied] = useState(false);
  const { method, url, status, milliseconds, headers, body, answer } = exchange;
  return (
    <details className="exchange">
      <summary>
        <code>
          {method} {pathOf(url)}
        </code>{' '}
        <span>
          {status === 0 ? t('notReached') : status} · {milliseconds} ms
        </span>
      </summary>
      <button
        type="button"
        onClick={() => {
          void navigator.clipboard.writeText(asCurl(exchange)).then(() => {
            setCopied(true);
          });
        }}
      >
        {t(copied ? 'copied' : 'copyCurl')}
      </button>
      <h3>{t('request')}</h3>
      <pre tabIndex={0}>
        {Object.entries(headers)
          .map(([name, value]) => `${name}: ${value}`)
          .join('\n')}
        {body === undefined ? '' : `\n\n${JSON.stringify(body, null, 2)}`}
      </pre>
      <h3>{t('response')}</h3>
      <pre tabIndex={0}>{answer === undefined ? t('noBody') : JSON.stringify(answer, null, 2)}</pre>
    </details>
  );
}

/** Every call of this session, newest first, exactly as it was made and answered. */
export function Exchanges(props: {
  readonly exchanges: readonly Exchange[];
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useWording();
  return (
    <Dialog title={t('calls')} close={t('close')} size="wide" onClose={props.onClose}>
      {props.exchanges.length === 0 && <p className="note">{t('noCalls')}</p>}
      {props.exchanges.map((exchange) => (
        <ExchangeView key={exchange.id} exchange={exchange} />
      ))}
    </Dialog>
  );
}
