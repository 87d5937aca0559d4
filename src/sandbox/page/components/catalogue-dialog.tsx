import { useId, useState, type ReactNode } from 'react';
import { Dialog } from '../../../ui/dialog.js';
import { named, orderGroups, type CatalogueEntry } from '../drafting.js';
import { useWording, type TextKey } from '../language.js';

interface CatalogueDialogProps {
  readonly title: TextKey;
  readonly confirm: TextKey;
  readonly entries: readonly CatalogueEntry[];
  /** First day that can be chosen, where a day has to be (YYYY-MM-DD); it is proposed. */
  readonly day?: string;
  readonly onChoose: (id: string, day: string) => void;
  readonly onClose: () => void;
}

/** One choice from the hospital's catalogue, and a day when one is needed. */
export function CatalogueDialog(props: CatalogueDialogProps): ReactNode {
  const { t, language } = useWording();
  const { title, confirm, entries, day: firstDay, onChoose, onClose } = props;
  const [chosen, setChosen] = useState(entries[0]?.id ?? '');
  const [day, setDay] = useState(firstDay ?? '');
  const [isPast, setIsPast] = useState(false);
  const id = useId();
  const option = (entry: CatalogueEntry): ReactNode => (
    <option key={entry.id} value={entry.id}>
      {named(language, entry)}
    </option>
  );
  return (
    <Dialog title={t(title)} close={t('close')} onClose={onClose}>
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (firstDay !== undefined && day < firstDay) setIsPast(true);
          else onChoose(chosen, day);
        }}
      >
        <label htmlFor={`${id}-what`}>{t('choice')}</label>
        <select
          id={`${id}-what`}
          value={chosen}
          onChange={(event) => {
            setChosen(event.currentTarget.value);
          }}
        >
          {entries.filter(({ group }) => group === undefined).map(option)}
          {orderGroups.map((group) => {
            const members = entries.filter((entry) => entry.group === group.id);
            return (
              members.length > 0 && (
                <optgroup key={group.id} label={named(language, group)}>
                  {members.map(option)}
                </optgroup>
              )
            );
          })}
        </select>
        {firstDay !== undefined && (
          <>
            <label htmlFor={`${id}-day`}>{t('day')}</label>
            <input
              id={`${id}-day`}
              type="date"
              required
              min={firstDay}
              value={day}
              aria-invalid={isPast}
              aria-describedby={isPast ? `${id}-past` : undefined}
              onChange={(event) => {
                setDay(event.currentTarget.value);
                setIsPast(false);
              }}
            />
            {isPast && (
              <p id={`${id}-past`} className="missing" role="alert">
                {t('pastDay')}
              </p>
            )}
          </>
        )}
        <button type="submit" className="primary">
          {t(confirm)}
        </button>
      </form>
    </Dialog>
  );
}
