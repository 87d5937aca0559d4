import { useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { connect, type CdsClient, type Exchange } from './cds-client.js';
import { Exchanges } from './components/exchanges.js';
import { PatientList, type Story } from './components/patient-list.js';
import { PatientPage } from './components/patient-page.js';
import { Problem } from './components/problem.js';
import { isObject, jsonOf, listOf, RequestFailed } from './json.js';
import { loadSigner } from './jwt.js';
import { useWording } from './language.js';

interface Sandbox {
  readonly baseUrl: string;
  readonly stories: readonly Story[];
  readonly client: CdsClient;
}

const mostExchanges = 50;

function isStory(value: unknown): value is Story {
  return isObject(value) && [value.patient, value.en, value.fr].every((text) => typeof text === 'string');
}

function onHashChange(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => {
    window.removeEventListener('hashchange', changed);
  };
}

/** The patient that the address names: `#/patient/{id}`. */
function usePatientId(): string | undefined {
  const hash = useSyncExternalStore(onHashChange, () => window.location.hash);
  return /^#\/patient\/([A-Za-z0-9.-]{1,64})$/.exec(hash)?.[1];
}

/** The page that plays the EHR. */
export function App(): ReactNode {
  const { t, language, choose } = useWording();
  const [sandbox, setSandbox] = useState<Sandbox>();
  const [failure, setFailure] = useState<RequestFailed>();
  const [exchanges, setExchanges] = useState<readonly Exchange[]>([]);
  const [showCalls, setShowCalls] = useState(false);
  const [withPrefetch, setWithPrefetch] = useState(true);
  const patientId = usePatientId();
  const currentLanguage = useRef(language);
  useEffect(() => {
    currentLanguage.current = language;
  }, [language]);

  useEffect(() => {
    let shown = true;
    const start = async (): Promise<Sandbox> => {
      const answer = await jsonOf(await fetch('/sandbox/stories.json'));
      const { baseUrl, stories } = isObject(answer) ? answer : {};
      if (typeof baseUrl !== 'string') throw new RequestFailed(0, []);
      const client = await connect({
        baseUrl,
        sign: await loadSigner(),
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

  return (
    <div className={patientId === undefined ? 'page' : 'page page-chart'}>
      <header className="top">
        <p className="brand">
          {t('title')} <span>{t('notReal')}</span>
        </p>
        <div className="settings">
          <label>
            <input
              type="checkbox"
              checked={!withPrefetch}
              onChange={(event) => {
                setWithPrefetch(!event.target.checked);
              }}
            />
            {t('noPrefetch')}
          </label>
          <button
            type="button"
            onClick={() => {
              setShowCalls(true);
            }}
          >
            {t('showCalls', { count: exchanges.length })}
          </button>
          <button
            type="button"
            lang={language === 'en' ? 'fr' : 'en'}
            onClick={() => {
              choose(language === 'en' ? 'fr' : 'en');
            }}
          >
            {language === 'en' ? 'Français' : 'English'}
          </button>
        </div>
      </header>
      {failure !== undefined && (
        <Problem title={t('startFailed')} status={failure.status} issues={failure.issues} />
      )}
      {sandbox === undefined && failure === undefined && (
        <p className="note" role="status">
          {t('loading')}
        </p>
      )}
      {sandbox !== undefined && (
        <>
          <PatientList stories={sandbox.stories} current={patientId} />
          <main>
            {patientId === undefined ? (
              <p className="note choose">{t('choosePatient')}</p>
            ) : (
              <>
                <a className="back" href="#/">
                  {t('back')}
                </a>
                <PatientPage
                  key={`${patientId}-${language}`}
                  client={sandbox.client}
                  baseUrl={sandbox.baseUrl}
                  patientId={patientId}
                  withPrefetch={withPrefetch}
                />
              </>
            )}
          </main>
        </>
      )}
      {showCalls && (
        <Exchanges
          exchanges={exchanges}
          onClose={() => {
            setShowCalls(false);
          }}
        />
      )}
    </div>
  );
}
