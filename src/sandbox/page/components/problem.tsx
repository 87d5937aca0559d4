import type { ReactNode } from 'react';
import type { AdviceFailure } from '../advice.js';
import { useWording } from '../language.js';

interface ProblemProps {
  readonly title: string;
  readonly status: number;
  readonly issues: readonly string[];
}

/** A refusal in the server's own words; without an answer, that the server was not reached. */
export function Problem({ title, status, issues }: ProblemProps): ReactNode {
  const { t } = useWording();
  return (
    <div className="problem" role="alert">
      <p>
        <strong>{title}</strong> {status === 0 ? t('notReached') : t('status', { status })}
      </p>
      {issues.length > 0 && (
        <ul>
          {issues.map((issue) => (
            <li key={issue}>{issue}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Services that gave no advice, each with why. */
export function Failures({ failures }: { readonly failures: readonly AdviceFailure[] }): ReactNode {
  const { t } = useWording();
  return failures.map(({ service, status, issues }) => (
    <Problem key={service} title={t('serviceFailed', { service })} status={status} issues={issues} />
  ));
}
