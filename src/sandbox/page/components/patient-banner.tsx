import { useEffect, useRef, type ReactNode } from 'react';
import { Icon } from '../../../ui/icon.js';
import type { IconName } from '../../../ui/icon-shapes.js';
import { ageOn, encounterOf, patientName, type Chart } from '../chart.js';
import { useWording, type TextKey } from '../language.js';

interface PatientBannerProps {
  readonly chart: Chart;
  /** YYYY-MM-DD. */
  readonly today: string;
  readonly onOrder: () => void;
  readonly onRecord: () => void;
  readonly onBook: () => void;
  readonly onDischarge: () => void;
  readonly onScores: () => void;
}

/** Whose chart it is, and what can be done in it. */
export function PatientBanner(props: PatientBannerProps): ReactNode {
  const { t, date } = useWording();
  const { chart, today, onOrder, onRecord, onBook, onDischarge, onScores } = props;
  const { patient } = chart;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The page has changed with the link that had the focus.
    if (document.activeElement === document.body) heading.current?.focus();
  }, []);
  const age = ageOn(patient.birthDate, today);
  const action = (name: TextKey, icon: IconName, act: () => void, isPossible = true): ReactNode => (
    <button
      type="button"
      className={name === 'newOrder' ? 'primary' : ''}
      disabled={!isPossible}
      onClick={act}
    >
      <Icon name={icon} />
      {t(name)}
    </button>
  );
  return (
    <header className="banner">
      <div>
        <a className="back" href="#/">
          <Icon name="back" />
          {t('back')}
        </a>
        <h1 ref={heading} tabIndex={-1}>
          {patientName(patient)}
        </h1>
        <p className="soft">
          {date(patient.birthDate)}
          {age !== undefined && ` · ${t('age', { age })}`}
          {patient.gender !== undefined && ` · ${t(`gender.${patient.gender}`)}`}
        </p>
      </div>
      <div className="acts" role="group" aria-label={t('actions')}>
        {action('newOrder', 'prescribe', onOrder)}
        {action('recordLesion', 'problem', onRecord)}
        {action('book', 'calendar', onBook)}
        {action('discharge', 'leave', onDischarge, encounterOf(chart) !== undefined)}
        {action('scoresApp', 'chart', onScores)}
      </div>
    </header>
  );
}
