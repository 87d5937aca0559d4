import { useState, type ReactNode } from 'react';
import { textIn } from '../../../text.js';
import { Icon } from '../../../ui/icon.js';
import { jsonOf, RequestFailed } from '../json.js';
import { useWording } from '../language.js';
import { allScenarios, scenarioAddress, toldIn } from '../scenarios.js';

/** One line on a patient; `quiet`: the service has nothing to say of this chart. */
export interface Story {
  readonly patient: string;
  readonly name: string;
  readonly en: string;
  readonly fr: string;
  readonly quiet: boolean;
}

function Patients({ stories }: { readonly stories: readonly Story[] }): ReactNode {
  const { language } = useWording();
  return (
    <ul className="patients plain">
      {stories.map((story) => (
        <li key={story.patient}>
          <a href={`#/patient/${story.patient}`}>
            <strong>{story.name}</strong>
            <span>{textIn({ en: story.en, fr: story.fr }, language)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Puts the demo charts back as they were. @throws RequestFailed */
async function resetDemo(): Promise<void> {
  const response = await fetch('/sandbox/reset', { method: 'POST' }).catch(() => undefined);
  if (response?.ok !== true) throw new RequestFailed(response?.status ?? 0, []);
  await jsonOf(response);
}

/** What this is, six moments to try, and whose charts can be opened. */
export function Home({ stories }: { readonly stories: readonly Story[] | undefined }): ReactNode {
  const { t, language } = useWording();
  const [reset, setReset] = useState<'doing' | 'done' | 'failed'>();
  return (
    <main className="home">
      <h1>{t('what')}</h1>
      <p className="lead">{t('lead')}</p>
      <h2>{t('tryIt')}</h2>
      <ul className="tiles plain">
        {allScenarios.map((scenario) => (
          <li key={scenario.id}>
            <a className="tile" href={scenarioAddress(scenario)}>
              <span className="tile-hook">{scenario.hook}</span>
              <strong>{toldIn(scenario, language).title}</strong>
              <span>{toldIn(scenario, language).told}</span>
            </a>
          </li>
        ))}
      </ul>
      {stories !== undefined && (
        <>
          <nav aria-label={t('patients')}>
            <h2>{t('patients')}</h2>
            <Patients stories={stories.filter(({ quiet }) => !quiet)} />
            <h2>{t('quietPatients')}</h2>
            <Patients stories={stories.filter(({ quiet }) => quiet)} />
          </nav>
          <div className="acts">
            <button
              type="button"
              disabled={reset === 'doing'}
              onClick={() => {
                setReset('doing');
                resetDemo().then(
                  () => {
                    setReset('done');
                  },
                  () => {
                    setReset('failed');
                  },
                );
              }}
            >
              <Icon name="again" />
              {t('reset')}
            </button>
            <p role="status">
              {reset === 'done' && t('resetDone')}
              {reset === 'failed' && t('writeFailed')}
            </p>
          </div>
        </>
      )}
    </main>
  );
}
