import { useEffect, useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import type { Link, OverrideReason } from '../../../cds-hooks/types.js';
import { Card } from '../../../ui/card.js';
import { Detail } from '../../../ui/detail.js';
import { Dialog } from '../../../ui/dialog.js';
import { Icon } from '../../../ui/icon.js';
import type { Advice } from '../advice.js';
import { unanswered, type Choices } from '../decision.js';
import { useWording } from '../language.js';
import type { Deciding, Decision } from '../use-decision.js';
import { Failures, Problem } from './problem.js';

interface Reasoned {
  readonly reason: OverrideReason | undefined;
  /** It was asked for and is still missing. */
  readonly isMissing: boolean;
  readonly onReason: (reason: OverrideReason | undefined) => void;
}

/** Why a critical card is not followed. */
function Reason({
  advice: { card },
  reasoned,
}: {
  readonly advice: Advice;
  readonly reasoned: Reasoned;
}): ReactNode {
  const { t } = useWording();
  const id = useId();
  const { reason, isMissing, onReason } = reasoned;
  return (
    <div className="field">
      <label htmlFor={id}>{t('reasonNeeded')}</label>
      <select
        id={id}
        className="reason"
        value={reason?.code ?? ''}
        aria-invalid={isMissing}
        aria-describedby={isMissing ? `${id}-missing` : undefined}
        onChange={(event) => {
          const { value } = event.currentTarget;
          onReason(card.overrideReasons?.find(({ code }) => code === value));
        }}
      >
        <option value="">{t('chooseReason')}</option>
        {card.overrideReasons?.map(({ code, display }) => (
          <option key={code} value={code}>
            {display}
          </option>
        ))}
      </select>
      {isMissing && (
        <p id={`${id}-missing`} className="missing">
          {t('reasonMissing')}
        </p>
      )}
    </div>
  );
}

/** One card to decide on: its acts right below what it says, the rest folded. */
function ToDecide(props: {
  readonly advice: Advice;
  readonly chosen: readonly string[];
  readonly onChoose: (chosen: readonly string[]) => void;
  readonly reasoned: Reasoned;
  readonly onLaunch: (link: Link) => void;
}): ReactNode {
  const { t } = useWording();
  const { advice, chosen, onChoose, reasoned, onLaunch } = props;
  const { card } = advice;
  const suggestions = card.suggestions ?? [];
  const links = (card.links ?? []).filter(({ type }) => type === 'smart');
  const choose = (uuid: string): void => {
    const others = card.selectionBehavior === 'any' ? chosen : [];
    onChoose(chosen.includes(uuid) ? chosen.filter((one) => one !== uuid) : [...others, uuid]);
  };
  return (
    <Card severity={card.indicator} kind={t(`indicator.${card.indicator}`)} summary={card.summary}>
      {suggestions.length + links.length > 0 && (
        <div className="acts" role="group" aria-label={t('actsOf', { summary: card.summary })}>
          {suggestions.map(({ uuid, label }) => (
            <button
              key={uuid}
              type="button"
              className="choice"
              aria-pressed={chosen.includes(uuid)}
              onClick={() => {
                choose(uuid);
              }}
            >
              {chosen.includes(uuid) && <Icon name="done" />}
              {label}
            </button>
          ))}
          {links.map((link) => (
            <button
              key={link.url + link.label}
              type="button"
              className="quiet"
              onClick={() => {
                onLaunch(link);
              }}
            >
              <Icon name="open" />
              {link.label}
            </button>
          ))}
        </div>
      )}
      {card.indicator === 'critical' && chosen.length === 0 && <Reason advice={advice} reasoned={reasoned} />}
      {card.detail !== undefined && (
        <details className="fold">
          <summary>{t('why')}</summary>
          <Detail text={card.detail} />
        </details>
      )}
    </Card>
  );
}

/** Orders that are only drafted when all is done: an opinion that was asked for on advice leaves with nobody. */
interface LeftToSign {
  readonly orders: readonly string[];
  readonly isBusy: boolean;
  readonly onSign: () => void;
}

/** What was done, for the user to read before anything else. */
function Over({
  decision,
  left,
  onClose,
}: {
  readonly decision: Decision;
  readonly left: LeftToSign;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useWording();
  const { step, subject, applied } = decision;
  return (
    <Dialog
      title={t(subject.length > 0 ? `over.${step}` : `nothingLeft.${step}`)}
      close={t('close')}
      onClose={onClose}
      foot={
        <div className="acts">
          {left.orders.length > 0 && (
            <button type="button" className="primary" disabled={left.isBusy} onClick={left.onSign}>
              {t('sign')}
            </button>
          )}
          <button type="button" className={left.orders.length > 0 ? '' : 'primary'} onClick={onClose}>
            {t('backToChart')}
          </button>
        </div>
      }
    >
      <div role="status" className="to-decide">
        {subject.map((what, index) => (
          <p key={index} className="settled">
            <Icon name="done" />
            {what}
          </p>
        ))}
        {applied.length > 0 && (
          <div>
            <p className="label">{t('applied')}</p>
            <ul>
              {applied.map((label) => (
                <li key={label}>{label}</li>
              ))}
            </ul>
          </div>
        )}
        {left.orders.length > 0 && (
          <p className="missing">{t('leftToSign', { what: left.orders.join(' · ') })}</p>
        )}
      </div>
    </Dialog>
  );
}

const recommended = ({ card }: Advice): readonly string[] => {
  const preferred = (card.suggestions ?? []).filter(({ isRecommended }) => isRecommended === true);
  return (card.selectionBehavior === 'any' ? preferred : preferred.slice(0, 1)).map(({ uuid }) => uuid);
};

/** The moment before something is signed, booked or done: what there is to decide, the most urgent first. */
export function DecisionDialog(props: {
  readonly deciding: Deciding;
  readonly decision: Decision;
  readonly left: LeftToSign;
  readonly onLaunch: (link: Link) => void;
}): ReactNode {
  const { t } = useWording();
  const { deciding, decision, left, onLaunch } = props;
  const { step, state, subject, advice, failures, applied, problem } = decision;
  const [acts, setActs] = useState<ReadonlyMap<string, readonly string[]>>(new Map());
  const [reasons, setReasons] = useState<ReadonlyMap<string, OverrideReason>>(new Map());
  // How often it was pressed without a reason that is needed.
  const [demands, setDemands] = useState(0);
  const body = useRef<HTMLDivElement>(null);
  const first = advice[0]?.card.uuid;
  useEffect(() => {
    setDemands(0);
    body.current?.querySelector<HTMLElement>('.card-summary, .problem')?.focus();
  }, [first]);
  useLayoutEffect(() => {
    if (demands > 0) body.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [demands]);

  if (state === 'over') return <Over decision={decision} left={left} onClose={deciding.close} />;
  const chosenFor = (one: Advice): readonly string[] => acts.get(one.card.uuid) ?? recommended(one);
  const choices = {
    acts: new Map(advice.map((one) => [one.card.uuid, chosenFor(one)] as const)),
    reasons,
  };
  const hasActs = advice.some((one) => chosenFor(one).length > 0);
  const demand = (missing: readonly string[]): void => {
    setDemands(demands + 1);
    setActs(new Map([...acts, ...missing.map((uuid) => [uuid, []] as const)]));
  };
  const unlessDemanded = (chosen: Choices, proceed: (chosen: Choices) => Promise<void>): void => {
    const missing = unanswered(advice, chosen);
    if (missing.length === 0) void proceed(chosen);
    else demand(missing);
  };
  const missing = unanswered(advice, choices);
  const isBusy = state !== 'deciding';
  return (
    <Dialog
      title={t(`decide.${step}`)}
      close={t('back.one')}
      size="middle"
      onClose={deciding.close}
      foot={
        !isBusy && (
          <div className="acts">
            {hasActs && (
              <button
                type="button"
                className="primary"
                onClick={() => {
                  unlessDemanded(choices, deciding.apply);
                }}
              >
                {t(`apply.${step}`)}
              </button>
            )}
            <button
              type="button"
              onClick={() => {
                unlessDemanded({ acts: new Map(), reasons }, deciding.proceedAnyway);
              }}
            >
              {t(`proceed.${step}`)}
            </button>
            <button type="button" className="quiet" onClick={deciding.close}>
              {t('back.one')}
            </button>
          </div>
        )
      }
    >
      <div ref={body} className="to-decide">
        <p>{t(`subject.${step}`, { what: subject.join(' · ') })}</p>
        <p role="status" className={isBusy ? 'note' : 'unseen'}>
          {isBusy ? t(state === 'asking' ? 'asking' : 'working') : t('toDecide', { count: advice.length })}
        </p>
        {applied.map((label) => (
          <p key={label} className="settled">
            <Icon name="done" />
            {t('accepted', { label })}
          </p>
        ))}
        {problem !== undefined && (
          <Problem title={t('writeFailed')} status={problem.status} issues={problem.issues} />
        )}
        <Failures failures={failures} />
        {!isBusy &&
          advice.map((one) => (
            <ToDecide
              key={one.card.uuid}
              advice={one}
              chosen={chosenFor(one)}
              onChoose={(chosen) => {
                setActs(new Map([...acts, [one.card.uuid, chosen]]));
              }}
              reasoned={{
                reason: reasons.get(one.card.uuid),
                isMissing: demands > 0 && missing.includes(one.card.uuid),
                onReason: (reason) => {
                  const others = [...reasons].filter(([uuid]) => uuid !== one.card.uuid);
                  setReasons(new Map(reason === undefined ? others : [...others, [one.card.uuid, reason]]));
                },
              }}
              onLaunch={onLaunch}
            />
          ))}
      </div>
    </Dialog>
  );
}
