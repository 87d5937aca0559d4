import type { ReactNode } from 'react';
import { Icon } from './icon.js';

export type Severity = 'critical' | 'warning' | 'info';

interface CardProps {
  readonly severity: Severity;
  /** The severity in words. */
  readonly kind: string;
  readonly summary: string;
  /** Level of its heading on the page. */
  readonly level?: 'h2' | 'h3' | 'h4';
  /** Nothing is to be done about it any more. */
  readonly settled?: boolean;
  readonly children?: ReactNode;
}

/** Frame of a card: how urgent it is in colour, shape and words, what it says, and below what can be done. */
export function Card({
  severity,
  kind,
  summary,
  level: Heading = 'h3',
  settled,
  children,
}: CardProps): ReactNode {
  return (
    <article className={`card card-${severity}${settled === true ? ' card-settled' : ''}`}>
      <p className="card-kind">
        <Icon name={severity} />
        <span>{kind}</span>
      </p>
      <Heading className="card-summary" tabIndex={-1}>
        {summary}
      </Heading>
      {children}
    </article>
  );
}
