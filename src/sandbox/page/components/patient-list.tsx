import { useEffect, useState, type ReactNode } from 'react';
import type { Patient } from 'fhir/r4.js';
import { patientName } from '../chart.js';
import { ofType, search } from '../fhir-server.js';
import { useWording, type Language } from '../language.js';

/** One line on a patient in both languages. */
export type Story = Readonly<Record<Language | 'patient', string>>;

interface PatientListProps {
  readonly stories: readonly Story[];
  readonly current: string | undefined;
}

/** Whose chart can be opened, each with a line on the story. */
export function PatientList({ stories, current }: PatientListProps): ReactNode {
  const { t, language } = useWording();
  const [patients, setPatients] = useState<readonly Patient[]>([]);
  useEffect(() => {
    let shown = true;
    search('Patient', {}).then(
      (found) => {
        if (shown) setPatients(ofType(found, 'Patient'));
      },
      () => undefined,
    );
    return () => {
      shown = false;
    };
  }, []);
  const nameOf = (id: string): string => {
    const patient = patients.find((candidate) => candidate.id === id);
    return patient === undefined ? id : patientName(patient);
  };
  return (
    <nav className="patients" aria-label={t('patients')}>
      <h2>{t('patients')}</h2>
      <ul>
        {stories.map((story) => (
          <li key={story.patient}>
            <a
              href={`#/patient/${story.patient}`}
              aria-current={story.patient === current ? 'page' : undefined}
            >
              <strong>{nameOf(story.patient)}</strong>
              <span>{story[language]}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
