import { useCallback, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { Icon } from '../../ui/icon.js';
import { LanguageChoice } from '../../ui/language-choice.js';
import { connect, type CdsClient, type Exchange } from './cds-client.js';
import { Drawer } from './components/drawer.js';
import { Home, type Story } from './components/home.js';
import { PatientPage } from './components/patient-page.js';
import { Problem } from './components/problem.js';
import { jsonOf, listOf, RequestFailed } from './json.js';
import { loadSigner } from './jwt.js';
import { useWording } from './language.js';
import { allScenarios } from './scenarios.js';
import { isObject } from '../../json.js';

interface Sandbox {
  readonly baseUrl: string;
  readonly stories: readonly Story[];
  readonly client: CdsClient;
}

const mostExchanges = 50;

function isStory(value: unknown): value is Story {
  return (
    isObject(value) &&
    [value.patient, value.name, value.en, value.fr].every((text) => typeof text === 'string') &&
    typeof value.quiet === 'boolean'
  );
}

function onHashChange(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => {
    window.removeEventListener('hashchange', changed);
  };
}

/** The patient that the address names, `#/patient/{id}`, and the scenario, `#/patient/{id}/do/{scenario}`. */
function usePlace(): { readonly patientId: string | undefined; readonly scenario: string | undefined } {
  const hash = useSyncExternalStore(onHashChange, () => window.location.hash);
  const [, patientId, scenario] =
    /^#\/patient\/([A-Za-z0-9.-]{1,64})(?:\/do\/([a-z-]{1,64}))?$/.exec(hash) ?? [];
  return { patientId, scenario };
}

/** The page that plays the EHR. */
export function App(): ReactNode {
  const { t, language, languages, choose } = useWording();
  const [sandbox, setSandbox] = useState<Sandbox>();
  const [failure, setFailure] = useState<RequestFailed>();
  const [exchanges, setExchanges] = useState<readonly Exchange[]>([]);
  const [showCalls, setShowCalls] = useState(false);
  const [withPrefetch, setWithPrefetch] = useState(true);
  const { patientId, scenario } = usePlace();
  const currentLanguage = useRef(language);
  currentLanguage.current = language;

  useEffect(() => {
    let shown = true;
    const start = async (): Promise<Sandbox> => {
      const [answer, sign] = await Promise.all([fetch('/sandbox/stories.json').then(jsonOf), loadSigner()]);
      const { baseUrl, stories } = isObject(answer) ? answer : {};
      if (typeof baseUrl !== 'string') throw new RequestFailed(0, []);
      const client = await connect({
        baseUrl,
        sign,
        language: () => currentLanguage.current,
        record: (exchange) => {
          if (shown) setExchanges((earlier) => [exchange, ...earlier].slice(0, mostExchanges));
        },
      });
      return { baseUrl, stories: listOf(stories).filter(isStory), client };
    };
    start().then(
      (started) => {
        if (shown) setSandbox(started);
      },
      (error: unknown) => {
        if (shown) setFailure(error instanceof RequestFailed ? error : new RequestFailed(0, []));
      },
    );
    return () => {
      shown = false;
    };
  }, []);

  useEffect(() => {
    if (patientId === undefined) document.title = t('title');
  }, [patientId, t]);

  // Opened again or reloaded, the chart does not do it a second time.
  const forgetAct = useCallback(() => {
    history.replaceState(null, '', window.location.hash.replace(/\/do\/.*$/, ''));
  }, []);
  const drawer = showCalls ? <Drawer exchanges={exchanges} /> : undefined;
  return (
    <div className={patientId === undefined ? 'frame' : 'frame frame-chart'}>
      <header className="top">
        <p className="brand">
          {t('title')} <span>{t('notReal')}</span>
        </p>
        <div className="settings">
          {patientId !== undefined && (
            <>
              <label>
                <input
                  type="checkbox"
                  checked={!withPrefetch}
                  onChange={(event) => {
                    setWithPrefetch(!event.currentTarget.checked);
                  }}
                />
                {t('noPrefetch')}
              </label>
              <button
                type="button"
                aria-pressed={showCalls}
                onClick={() => {
                  setShowCalls(!showCalls);
                }}
              >
                <Icon name="code" />
                {t('showCalls', { count: exchanges.length })}
              </button>
            </>
          )}
          <a href={`/guideline?lang=${language}`}>{t('guideline')}</a>
          <LanguageChoice languages={languages} language={language} label={t('language')} onChoose={choose} />
        </div>
      </header>
      {failure !== undefined && (
        <Problem title={t('startFailed')} status={failure.status} issues={failure.issues} />
      )}
      {patientId === undefined ? (
        <Home stories={sandbox?.stories} />
      ) : (
        <main className="chart-page">
          {sandbox === undefined ? (
            failure === undefined && (
              <p className="note" role="status">
                {t('loading')}
              </p>
            )
          ) : (
            <PatientPage
              key={patientId}
              client={sandbox.client}
              baseUrl={sandbox.baseUrl}
              patientId={patientId}
              withPrefetch={withPrefetch}
              act={allScenarios.find(({ id }) => id === scenario)?.act}
              onActed={forgetAct}
              drawer={drawer}
            />
          )}
        </main>
      )}
    </div>
  );
}
