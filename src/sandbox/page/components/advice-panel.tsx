import type { ReactNode } from 'react';
import type { Link } from '../../../cds-hooks/types.js';
import type { OpenChart } from '../use-chart.js';
import { useWording } from '../language.js';
import { CardView } from './card-view.js';
import { Problem } from './problem.js';

interface AdvicePanelProps {
  readonly open: OpenChart;
  readonly onLaunch: (link: Link) => void;
}

/** What the CDS services say: cards, nothing, still asking, or why they could not. */
export function AdvicePanel({ open, onLaunch }: AdvicePanelProps): ReactNode {
  const { t } = useWording();
  const { advice, failures, asking, asked, pending } = open;
  return (
    <section className="advice" aria-labelledby="advice-title" aria-busy={asking}>
      <header className="section-head">
        <h2 id="advice-title">{t('advice')}</h2>
        <button
          type="button"
          className="quiet"
          disabled={asking}
          onClick={() => {
            void open.reopen();
          }}
        >
          {t('askAgain')}
        </button>
      </header>
      <div role="status">
        {asking && <p className="note">{t('asking')}</p>}
        {!asking && asked && advice.length === 0 && failures.length === 0 && (
          <p className="note">{t('nothing')}</p>
        )}
      </div>
      {failures.map((failure) => (
        <Problem
          key={failure.service}
          title={t('serviceFailed', { service: failure.service })}
          status={failure.status}
          issues={failure.issues}
        />
      ))}
      {!asking &&
        advice.map((one) => (
          <CardView
            key={one.card.uuid}
            advice={one}
            onLaunch={onLaunch}
            onAccept={(suggestionId) => {
              void open.accept(one, suggestionId);
            }}
            onOverride={(reason, comment) => {
              void open.override(one, reason, comment);
            }}
          />
        ))}
      {!asking && pending !== undefined && (
        <div className="pending">
          <p>{t(`pending.${pending.step}`)}</p>
          <button
            type="button"
            onClick={() => {
              void pending.proceed();
            }}
          >
            {t(`proceed.${pending.step}`)}
          </button>
        </div>
      )}
    </section>
  );
}
