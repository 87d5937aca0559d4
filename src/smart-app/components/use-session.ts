import { useCallback, useEffect, useState } from 'react';
import type { Language } from '../../knowledge/types.js';
import type { Speech } from '../../ui/speech.js';
import { ChartFault } from '../chart.js';
import { dropOtherPatients } from '../draft.js';
import type { AppKnowledge } from '../knowledge.js';
import {
  browserLanguage,
  keepLanguage,
  loadChart,
  loadKnowledge,
  sessionLanguage,
  type Loaded,
} from '../load.js';
import { openSession, type Session } from '../smart-session.js';
import { appIn } from '../speech.js';
import type { ProblemKind } from './problem-page.js';

export interface Ready {
  readonly kind: 'ready';
  readonly session: Session;
  readonly knowledge: AppKnowledge;
  readonly loaded: Loaded;
}

export type Phase =
  { readonly kind: 'loading' } | { readonly kind: 'problem'; readonly problem: ProblemKind } | Ready;

/** Other windows of this browser hear which patient was opened last. */
const channelName = 'score-app-patient';

/** React's development mode runs effects twice, and a launch code can be used once. */
let opening: ReturnType<typeof openSession> | undefined;

async function start(): Promise<{ phase: Phase; language: Language }> {
  opening ??= openSession();
  const [opened, knowledge] = await Promise.all([opening, loadKnowledge()]);
  const language = browserLanguage();
  if (opened.kind === 'problem') return { phase: { kind: 'problem', problem: opened.problem }, language };
  if (knowledge === undefined) return { phase: { kind: 'problem', problem: 'knowledge' }, language };
  const { session } = opened;
  dropOtherPatients(window.sessionStorage, session.server, session.patient);
  try {
    const loaded = await loadChart(session, knowledge);
    return {
      phase: { kind: 'ready', session, knowledge, loaded },
      language: await sessionLanguage(session, loaded.chart.patient),
    };
  } catch (error) {
    const problem = error instanceof ChartFault ? error.kind : 'unreadable';
    return { phase: { kind: 'problem', problem }, language };
  }
}

export interface SessionState {
  readonly phase: Phase;
  readonly speech: Speech<'app'>;
  readonly changeLanguage: (language: Language) => void;
  readonly retry: () => void;
  /** Reads the chart again; resolves to whether that worked. */
  readonly reread: () => Promise<boolean>;
  readonly fail: (problem: ProblemKind) => void;
}

function useOtherWindows(phase: Phase, fail: (problem: ProblemKind) => void): void {
  const session = phase.kind === 'ready' ? phase.session : undefined;
  useEffect(() => {
    if (session === undefined) return undefined;
    const { server, patient } = session;
    const channel = new BroadcastChannel(channelName);
    channel.postMessage({ server, patient });
    channel.onmessage = ({ data }: MessageEvent<{ server?: unknown; patient?: unknown }>) => {
      if (data.server === server && data.patient !== patient) fail('switched');
    };
    return () => {
      channel.close();
    };
  }, [session, fail]);
}

/** The session from launch to end; until more is known of its reader it speaks as the browser asks. */
export function useSession(first: Speech<'app'>): SessionState {
  const [phase, setPhase] = useState<Phase>({ kind: 'loading' });
  const [speech, setSpeech] = useState(first);
  const fail = useCallback((problem: ProblemKind): void => {
    setPhase({ kind: 'problem', problem });
  }, []);
  const begin = useCallback((): void => {
    void start().then(async ({ phase: begun, language }) => {
      // With its own words from the first screen on; where they cannot be had, as before.
      const own = await appIn(language).catch(() => undefined);
      setPhase(begun);
      if (own !== undefined) setSpeech(own);
    });
  }, []);
  useEffect(begin, [begin]);
  useOtherWindows(phase, fail);
  useEffect(() => {
    document.documentElement.lang = speech.spoken.code;
  }, [speech]);

  const reread = async (): Promise<boolean> => {
    if (phase.kind !== 'ready') return false;
    try {
      const loaded = await loadChart(phase.session, phase.knowledge);
      setPhase({ ...phase, loaded });
      return true;
    } catch (error) {
      if (error instanceof ChartFault && error.kind === 'other-patient') fail('other-patient');
      return false;
    }
  };
  return {
    phase,
    speech,
    fail,
    reread,
    retry: () => {
      setPhase({ kind: 'loading' });
      begin();
    },
    changeLanguage: (chosen) => {
      keepLanguage(chosen);
      void appIn(chosen).then(setSpeech, () => undefined);
    },
  };
}
