import { useId, type ReactNode } from 'react';
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
  /** What it is to who saw the cards before, in a word. */
  readonly mark?: string;
  readonly children?: ReactNode;
}

/** Frame of a card: how urgent it is in colour, shape and words, what it says, and below what can be done. */
export function Card({
  severity,
  kind,
  summary,
  level: Heading = 'h3',
  settled,
  mark,
  children,
}: CardProps): ReactNode {
  const id = useId();
  const states = `${settled === true ? ' card-settled' : ''}${mark === undefined ? '' : ' card-marked'}`;
  return (
    <article className={`card card-${severity}${states}`}>
      <p className="card-kind" id={id}>
        <Icon name={severity} />
        <span>{kind}</span>
        {mark !== undefined && <span className="badge badge-accent">{mark}</span>}
      </p>
      <Heading className="card-summary" tabIndex={-1} aria-describedby={id}>
        {summary}
      </Heading>
      {children}
    </article>
  );
}
