import { useEffect, useRef, useState } from 'react';
import { LanguageChoice } from '../../ui/language-choice.js';
import type { Loaded } from '../load.js';
import { sourceText } from '../chart.js';
import type { Speech } from '../../ui/speech.js';
import { languages } from '../speech.js';
import { civilDay } from '../when.js';
import { subjectOf } from '../lesions.js';
import { returnToChart } from '../return-to-chart.js';
import type { Subject } from '../subject.js';
import { Banner } from './banner.js';
import { SharedContext, useShared } from './context.js';
import { Overview } from './overview.js';
import { ProblemPage } from './problem-page.js';
import { fragmentOf, useRoute, type Route } from './route.js';
import { ScorePage } from './score-page.js';
import { Summary } from './summary.js';
import { useSession, type Ready, type SessionState } from './use-session.js';

const mainId = 'main';

/** The form that the launch asked for, when the chart has its subject. */
function launchRoute({ session, knowledge, loaded }: Ready): Route | 'unknown' | undefined {
  const { score, lesion } = session.context;
  if (score === undefined) return undefined;
  const form = knowledge.scores.find(({ id }) => id === score);
  if (form === undefined) return 'unknown';
  if (form.per === 'patient') return { screen: 'score', score, subject: { kind: 'patient' } };
  const own = loaded.scores.results.filter((result) => result.score === score);
  const found = lesion === undefined ? own : own.filter((result) => result.lesion?.reference === lesion);
  const [first] = found;
  if (first !== undefined && found.length === 1) return { screen: 'score', score, subject: subjectOf(first) };
  return lesion === undefined ? undefined : 'unknown';
}

/** A subject from the address has no label: the results know it. */
function labelled(subject: Subject, { loaded }: Ready): Subject {
  if (subject.kind !== 'lesion') return subject;
  const known = loaded.scores.results.find(({ lesion }) => lesion?.reference === subject.reference);
  return known === undefined ? subject : subjectOf(known);
}

interface ShellProps {
  readonly ready: Ready;
  readonly state: SessionState;
}

function Shell({ ready, state }: ShellProps) {
  const { speech, changeLanguage, reread, fail } = state;
  const { say, spoken } = speech;
  const language = spoken.code;
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const [unknownContext, setUnknownContext] = useState(false);
  const [changed, setChanged] = useState<readonly string[]>([]);
  const { loaded, knowledge, session } = ready;
  const today = civilDay(new Date());
  const shared = {
    say,
    language,
    spoken,
    knowledge,
    changed,
    source: (reference: string) => sourceText(reference, loaded.chart) ?? say('form.entry'),
    ageing: {
      today,
      ...(knowledge.oldEvidenceMonths !== undefined && { oldEvidenceMonths: knowledge.oldEvidenceMonths }),
    },
  };

  useEffect(() => {
    if (!first.current) return;
    first.current = false;
    const wanted = window.location.hash === '' ? launchRoute(ready) : undefined;
    if (wanted === 'unknown') setUnknownContext(true);
    else if (wanted !== undefined) window.location.replace(fragmentOf(wanted));
  }, [ready]);

  const fragment = fragmentOf(route);
  useEffect(() => {
    window.scrollTo(0, 0);
    const screen = main.current;
    const heading = screen?.querySelector('h1');
    const first = screen?.querySelector<HTMLElement>('[data-first]') ?? heading;
    document.title = [heading?.textContent, say('app.title')].filter(Boolean).join(' · ');
    first?.focus({ preventScroll: true });
  }, [fragment, say]);

  return (
    <SharedContext value={shared}>
      <a
        className="skip"
        href={`#${mainId}`}
        onClick={(event) => {
          event.preventDefault();
          main.current?.querySelector('h1')?.focus();
        }}
      >
        {say('app.skip')}
      </a>
      <header className="top">
        <Banner patient={loaded.chart.patient} />
        <nav className="sections" aria-label={say('nav.label')}>
          <a href="#/" aria-current={route.screen === 'overview' ? 'page' : undefined}>
            {say('nav.overview')}
          </a>
          <a href="#/summary" aria-current={route.screen === 'summary' ? 'page' : undefined}>
            {say('nav.summary')}
          </a>
          <LanguageChoice
            languages={languages}
            language={language}
            label={say('app.language')}
            onChoose={changeLanguage}
          />
        </nav>
      </header>
      <main id={mainId} ref={main} className="page">
        <Notices loaded={loaded} unknownContext={unknownContext && route.screen === 'overview'} />
        {route.screen === 'overview' && <Overview loaded={loaded} />}
        {route.screen === 'summary' && <Summary loaded={loaded} session={session} />}
        {route.screen === 'score' && (
          <ScorePage
            key={fragment}
            score={route.score}
            subject={labelled(route.subject, ready)}
            loaded={loaded}
            session={session}
            reread={reread}
            onReplaced={() => {
              fail('switched');
            }}
            onSaved={() => {
              setChanged([...changed, fragment]);
            }}
            onReturn={() => {
              window.location.hash = fragmentOf({ screen: 'overview' });
              returnToChart(session.messaging);
            }}
          />
        )}
      </main>
      <footer className="foot">
        <p>{say('app.advice')}</p>
      </footer>
    </SharedContext>
  );
}

interface NoticesProps {
  readonly loaded: Loaded;
  readonly unknownContext: boolean;
}

/** What limits everything below: said before it. */
function Notices({ loaded, unknownContext }: NoticesProps) {
  const { say } = useShared();
  const { scores, source, chart } = loaded;
  const unassigned = new Set(scores.results.flatMap((result) => result.unassigned)).size;
  const texts = [
    ...(unknownContext ? [say('notice.context')] : []),
    ...(source === 'evaluated' ? [] : [say(`notice.recorded.${source}`)]),
    ...(chart.unread.length > 0 ? [say('notice.unread', { types: chart.unread.join(', ') })] : []),
    ...(unassigned > 0 ? [say('overview.unassigned', { count: unassigned })] : []),
  ];
  return texts.map((text) => (
    <p key={text} className="notice" role="note">
      {text}
    </p>
  ));
}

/** The whole app: signing in, then the screens. */
export function App({ speech }: { readonly speech: Speech<'app'> }) {
  const state = useSession(speech);
  const { say } = state.speech;
  const { phase } = state;
  if (phase.kind === 'loading') {
    return (
      <main className="page">
        <p role="status">{say('app.loading')}</p>
      </main>
    );
  }
  if (phase.kind === 'problem') {
    const canRetry = phase.problem === 'unreadable' || phase.problem === 'knowledge';
    return <ProblemPage problem={phase.problem} say={say} {...(canRetry && { onRetry: state.retry })} />;
  }
  return <Shell ready={phase} state={state} />;
}
