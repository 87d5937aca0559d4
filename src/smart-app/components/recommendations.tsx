import { Fragment, useEffect, useState } from 'react';
import type { Loaded } from '../load.js';
import { readAdvice, type Advice, type Recommendation } from '../recommendations.js';
import type { Session } from '../smart-session.js';
import { useShared } from './context.js';

/** Undefined while it is being asked for, also after a change of language or of the chart. */
export function useAdvice(session: Session, loaded: Loaded): Advice | undefined {
  const { language, knowledge } = useShared();
  const [answered, setAnswered] = useState<{ readonly for: readonly unknown[]; readonly advice: Advice }>();
  useEffect(() => {
    let wanted = true;
    void readAdvice(session, loaded.source, knowledge, language).then((advice) => {
      if (wanted) setAnswered({ for: [session, loaded, knowledge, language], advice });
    });
    return () => {
      wanted = false;
    };
  }, [session, loaded, knowledge, language]);
  const isCurrent = [session, loaded, knowledge, language].every(
    (value, index) => answered?.for[index] === value,
  );
  return isCurrent ? answered?.advice : undefined;
}

function RecommendationItem({ one }: { readonly one: Recommendation }) {
  const { say } = useShared();
  const { indicator, summary, reason, proposals, codes } = one;
  return (
    <li className={`recommendation recommendation-${indicator}`}>
      <p>
        <span className="indicator">{say(`summary.indicator.${indicator}`)}</span> <strong>{summary}</strong>
        {codes.length > 0 && (
          <span className="hint">
            {' ('}
            {codes.map((code, index) => (
              <Fragment key={code}>
                {index > 0 && ', '}
                <span className="whole">{code}</span>
              </Fragment>
            ))}
            )
          </span>
        )}
      </p>
      {reason !== '' && <p className="reason">{reason}</p>}
      {proposals.length > 0 && <p>{say('summary.proposals', { proposals: proposals.join(' · ') })}</p>}
    </li>
  );
}

function Given({ advice }: { readonly advice: Extract<Advice, { readonly kind: 'given' }> }) {
  const { say } = useShared();
  const { recommendations, unread } = advice;
  const sources = [...new Set(recommendations.map(({ source }) => source))].filter((source) => source !== '');
  return (
    <>
      {unread.length > 0 && (
        <p className="notice" role="note">
          {say('summary.adviceUnread', { types: unread.join(', ') })}
        </p>
      )}
      {recommendations.length === 0 && <p>{say('summary.noAdvice')}</p>}
      {recommendations.length > 0 && (
        <ul className="plain recommendations">
          {recommendations.map((one) => (
            <RecommendationItem key={one.id} one={one} />
          ))}
        </ul>
      )}
      {sources.map((source) => (
        <p key={source} className="hint">
          {say('summary.source', { source })}
        </p>
      ))}
    </>
  );
}

/** What the guideline recommends for this patient, in the words of the service's cards, or where else to find it. */
export function Recommendations({ advice }: { readonly advice: Advice | undefined }) {
  const { say } = useShared();
  return (
    <section aria-busy={advice === undefined}>
      <h2>{say('summary.advice')}</h2>
      <div role="status">{advice === undefined && <p>{say('summary.asking')}</p>}</div>
      {advice?.kind === 'given' && <Given advice={advice} />}
      {advice?.kind === 'record' && <p>{say('summary.adviceInRecord')}</p>}
      {advice?.kind === 'unavailable' && <p>{say('summary.adviceUnavailable')}</p>}
    </section>
  );
}
