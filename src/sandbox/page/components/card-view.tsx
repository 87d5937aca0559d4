import { useId, useState, type ReactNode } from 'react';
import type { Link, OverrideReason } from '../../../cds-hooks/types.js';
import { Card } from '../../../ui/card.js';
import { Detail } from '../../../ui/detail.js';
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
    <details className="decline">
      <summary>{t('decline')}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onOverride(
            reasons.find((reason) => reason.code === code),
            comment,
          );
        }}
      >
        {reasons.length > 0 && (
          <>
            <label htmlFor={`${id}-reason`}>{t('reason')}</label>
            <select
              id={`${id}-reason`}
              value={code}
              onChange={(event) => {
                setCode(event.target.value);
              }}
            >
              <option value="">{t('noReason')}</option>
              {reasons.map((reason) => (
                <option key={reason.code} value={reason.code}>
                  {reason.display}
                </option>
              ))}
            </select>
          </>
        )}
        <label htmlFor={`${id}-comment`}>{t('comment')}</label>
        <input
          id={`${id}-comment`}
          value={comment}
          autoComplete="off"
          onChange={(event) => {
            setComment(event.target.value);
          }}
        />
        <button type="submit">{t('confirmDecline')}</button>
      </form>
    </details>
  );
}

/** One card, as an EHR shows it: how urgent it is in colour and in words, what it says, and what can be done. */
export function CardView({ advice, onAccept, onOverride, onLaunch }: CardViewProps): ReactNode {
  const { t } = useWording();
  const { card, accepted, overridden } = advice;
  const once = card.selectionBehavior !== 'any' && accepted.length > 0;
  const open = !overridden && !once;
  return (
    <Card
      severity={card.indicator}
      kind={t(`indicator.${card.indicator}`)}
      summary={card.summary}
      settled={!open}
    >
      {card.detail !== undefined && <Detail text={card.detail} />}
      {open && (card.suggestions?.length ?? 0) + (card.links?.length ?? 0) > 0 && (
        <div className="choices">
          {card.suggestions?.map((suggestion) => (
            <button
              key={suggestion.uuid}
              type="button"
              className={suggestion.isRecommended === true ? 'primary' : ''}
              disabled={accepted.includes(suggestion.uuid)}
              onClick={() => {
                onAccept(suggestion.uuid);
              }}
            >
              {suggestion.label}
            </button>
          ))}
          {card.links?.map((link) =>
            link.type === 'smart' ? (
              <button
                key={link.url + link.label}
                type="button"
                onClick={() => {
                  onLaunch(link);
                }}
              >
                {link.label}
              </button>
            ) : (
              <a key={link.url + link.label} href={link.url} target="_blank" rel="noreferrer">
                {link.label}
              </a>
            ),
          )}
        </div>
      )}
      {card.suggestions
        ?.filter(({ uuid }) => accepted.includes(uuid))
        .map(({ uuid, label }) => (
          <p key={uuid} className="settled" role="status">
            {t('accepted', { label })}
          </p>
        ))}
      {overridden && (
        <p className="settled" role="status">
          {t('overridden')}
        </p>
      )}
      {open && accepted.length === 0 && (
        <Decline reasons={card.overrideReasons ?? []} onOverride={onOverride} />
      )}
      <p className="source">
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
