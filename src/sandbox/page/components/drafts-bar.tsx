import type { ReactNode } from 'react';
import { Icon } from '../../../ui/icon.js';
import { orderText, type Order } from '../chart.js';
import { useWording } from '../language.js';

interface DraftsBarProps {
  readonly drafts: readonly Order[];
  readonly isBusy: boolean;
  readonly onRemove: (draft: Order) => void;
  readonly onSign: () => void;
}

/** Orders that are written and not signed yet: they stay in view until they are. */
export function DraftsBar({ drafts, isBusy, onRemove, onSign }: DraftsBarProps): ReactNode {
  const { t } = useWording();
  return (
    <section className="drafts" aria-labelledby="drafts-title">
      <h2 id="drafts-title">{t('drafts')}</h2>
      <ul className="plain">
        {drafts.map((draft) => (
          <li key={draft.id}>
            <span>{orderText(draft)}</span>
            <button
              type="button"
              className="quiet"
              aria-label={t('removeDraft', { order: orderText(draft) })}
              onClick={() => {
                onRemove(draft);
              }}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      <button type="button" className="primary" disabled={isBusy} onClick={onSign}>
        <Icon name="sign" />
        {t('sign')}
      </button>
    </section>
  );
}
