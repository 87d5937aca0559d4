import { useEffect, useRef, type ReactNode } from 'react';
import type { Link } from '../../../cds-hooks/types.js';
import { Icon } from '../../../ui/icon.js';
import { useWording } from '../language.js';
import type { OpenChart } from '../use-chart.js';
import { CardView } from './card-view.js';
import { Failures } from './problem.js';

interface AdvicePanelProps {
  readonly open: OpenChart;
  readonly onLaunch: (link: Link) => void;
}

/** What the CDS services say: cards, nothing, still asking, or why they could not. */
export function AdvicePanel({ open, onLaunch }: AdvicePanelProps): ReactNode {
  const { t } = useWording();
  const { advice, failures, asking, asked, done } = open;
  const panel = useRef<HTMLElement>(null);
  const settled = advice.filter(({ accepted, overridden }) => overridden || accepted.length > 0).length;
  const before = useRef(settled);
  useEffect(() => {
    // The button that was pressed is gone: the next card is what there is to read.
    if (settled > before.current) {
      const find = (selector: string): HTMLElement | null | undefined =>
        panel.current?.querySelector(selector);
      (find('.card:not(.card-settled) .card-summary') ?? find('h2'))?.focus();
    }
    before.current = settled;
  }, [settled]);
  const wasAsking = useRef<boolean>(undefined);
  const wasAsked = useRef(false);
  useEffect(() => {
    // What had the focus may be gone with the earlier answer: it goes to what is new, or to the place where it would be.
    const isAnsweredAgain = wasAsked.current && wasAsking.current === true && !asking;
    if (isAnsweredAgain && document.activeElement === document.body) {
      const first = panel.current?.querySelector<HTMLElement>('.card-marked .card-summary');
      if (first === null) panel.current?.querySelector('h2')?.focus({ preventScroll: true });
      else first?.focus();
    }
    if (!asking) wasAsked.current = asked;
    wasAsking.current = asking;
  }, [asked, asking]);
  const critical = advice.filter(({ card }) => card.indicator === 'critical').length;
  const marks = advice.flatMap(({ mark }) => mark ?? []);
  const fresh = marks.filter((mark) => mark === 'new').length;
  const isQuiet = !asking && asked && advice.length === 0 && failures.length === 0;
  return (
    <section ref={panel} className="advice" aria-labelledby="advice-title" aria-busy={asking}>
      <header className="section-head">
        <h2 id="advice-title" tabIndex={-1}>
          {t('advice')}
        </h2>
        <button
          type="button"
          className="quiet"
          disabled={asking}
          onClick={() => {
            void open.refresh();
          }}
        >
          <Icon name="again" />
          {t('askAgain')}
        </button>
      </header>
      <p role="status" className={asking || isQuiet ? 'note' : 'unseen'}>
        {asking && t('asking')}
        {isQuiet && t('nothing')}
        {!asking && advice.length > 0 && t('announced', { count: advice.length, critical })}
        {!asking && marks.length > 0 && ` ${t('announcedMarks', { fresh, changed: marks.length - fresh })}`}
      </p>
      {done.map((label) => (
        <p key={label} className="settled" role="status">
          <Icon name="done" />
          {t('accepted', { label })}
        </p>
      ))}
      <Failures failures={failures} />
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
    </section>
  );
}
