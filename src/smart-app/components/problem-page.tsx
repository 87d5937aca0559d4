import { useEffect, useRef } from 'react';
import type { Say } from '../../words/say.js';

export type ProblemKind =
  | 'launch'
  | 'launch-failed'
  | 'state'
  | 'denied'
  | 'session'
  | 'no-patient'
  | 'other-patient'
  | 'switched'
  | 'unreadable'
  | 'knowledge';

interface Props {
  readonly problem: ProblemKind;
  readonly say: Say<'app'>;
  readonly onRetry?: () => void;
}

/** A page that says what is wrong and what to do; no patient data stands on it. */
export function ProblemPage({ problem, say, onRetry }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, [problem]);
  return (
    <main className="page problem-page">
      <h1 ref={heading} tabIndex={-1}>
        {say(`problem.title.${problem}`)}
      </h1>
      <p>{say(`problem.${problem}`)}</p>
      {onRetry !== undefined && (
        <button type="button" className="primary" onClick={onRetry}>
          {say('problem.retry')}
        </button>
      )}
    </main>
  );
}
