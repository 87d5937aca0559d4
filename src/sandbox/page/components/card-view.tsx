import { useId, useState, type ReactNode } from 'react';
import type { Link, OverrideReason } from '../../../cds-hooks/types.js';
import { Card } from '../../../ui/card.js';
import { Detail } from '../../../ui/detail.js';
import { Icon } from '../../../ui/icon.js';
import type { Advice } from '../advice.js';
import { useWording } from '../language.js';

interface CardViewProps {
  readonly advice: Advice;
  readonly onAccept: (suggestionId: string) => void;
  readonly onOverride: (reason: OverrideReason | undefined, comment: string) => void;
  readonly onLaunch: (link: Link) => void;
}

function Decline({
  reasons,
  onOverride,
}: {
  readonly reasons: readonly OverrideReason[];
  readonly onOverride: CardViewProps['onOverride'];
}): ReactNode {
  const { t } = useWording();
  const [code, setCode] = useState('');
  const [comment, setComment] = useState('');
  const id = useId();
  return (
    <details className="fold">
      <summary>{t('decline')}</summary>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          onOverride(
            reasons.find((reason) => reason.code === code),
            comment,
          );
        }}
      >
        {reasons.length > 0 && (
          <div className="field">
            <label htmlFor={`${id}-reason`}>{t('reason')}</label>
            <select
              id={`${id}-reason`}
              value={code}
              onChange={(event) => {
                setCode(event.currentTarget.value);
              }}
            >
              <option value="">{t('noReason')}</option>
              {reasons.map((reason) => (
                <option key={reason.code} value={reason.code}>
                  {reason.display}
                </option>
              ))}
            </select>
          </div>
        )}
        <div className="field">
          <label htmlFor={`${id}-comment`}>{t('comment')}</label>
          <input
            id={`${id}-comment`}
            value={comment}
            autoComplete="off"
            onChange={(event) => {
              setComment(event.currentTarget.value);
            }}
          />
        </div>
        <button type="submit">{t('confirmDecline')}</button>
      </form>
    </details>
  );
}

/** What can be done about a card in one press. */
function Acts({
  advice: { card, accepted },
  onAccept,
  onLaunch,
}: Omit<CardViewProps, 'onOverride'>): ReactNode {
  return (
    <div className="acts">
      {card.suggestions?.map(({ uuid, label, isRecommended }) => (
        <button
          key={uuid}
          type="button"
          className={isRecommended === true ? 'primary' : ''}
          disabled={accepted.includes(uuid)}
          onClick={() => {
            onAccept(uuid);
          }}
        >
          {label}
        </button>
      ))}
      {card.links?.map((link) =>
        link.type === 'smart' ? (
          <button
            key={link.url + link.label}
            type="button"
            className="quiet to-app"
            onClick={() => {
              onLaunch(link);
            }}
          >
            <Icon name="open" />
            {link.label}
          </button>
        ) : (
          <a key={link.url + link.label} href={link.url} target="_blank" rel="noreferrer">
            {link.label}
          </a>
        ),
      )}
    </div>
  );
}

/** One card in the chart: how urgent it is, what it says, what can be done, and below that the rest. */
export function CardView({ advice, onAccept, onOverride, onLaunch }: CardViewProps): ReactNode {
  const { t } = useWording();
  const { card, accepted, overridden, mark } = advice;
  const once = card.selectionBehavior !== 'any' && accepted.length > 0;
  const open = !overridden && !once;
  return (
    <Card
      severity={card.indicator}
      kind={t(`indicator.${card.indicator}`)}
      summary={card.summary}
      settled={!open}
      {...(open && mark !== undefined && { mark: t(`mark.${mark}`) })}
    >
      {open && (card.suggestions?.length ?? 0) + (card.links?.length ?? 0) > 0 && (
        <Acts advice={advice} onAccept={onAccept} onLaunch={onLaunch} />
      )}
      {card.suggestions
        ?.filter(({ uuid }) => accepted.includes(uuid))
        .map(({ uuid, label }) => (
          <p key={uuid} className="settled" role="status">
            <Icon name="done" />
            {t('accepted', { label })}
          </p>
        ))}
      {overridden && (
        <p className="settled" role="status">
          <Icon name="done" />
          {t('overridden')}
        </p>
      )}
      {open && card.detail !== undefined && <Detail text={card.detail} />}
      {open && accepted.length === 0 && (
        <Decline reasons={card.overrideReasons ?? []} onOverride={onOverride} />
      )}
      <p className="card-source">
        {t('source')}{' '}
        {card.source.url === undefined ? (
          card.source.label
        ) : (
          <a href={card.source.url} target="_blank" rel="noreferrer">
            {card.source.label}
          </a>
        )}
      </p>
    </Card>
  );
}
