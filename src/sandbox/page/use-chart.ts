import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { OverrideReason } from '../../cds-hooks/types.js';
import {
  acceptance,
  applyAction,
  askServices,
  marked,
  refusal,
  type Advice,
  type AdviceFailure,
} from './advice.js';
import type { CdsClient } from './cds-client.js';
import { draftsOf, encounterOf, loadChart, referenceTo, type Chart } from './chart.js';
import { collection } from './drafting.js';
import { RequestFailed } from './json.js';
import type { JsonObject } from '../../json.js';

/** The clinician who is logged in to the sandbox EHR. */
export const userId = 'Practitioner/demo-oncologist';

export interface Event {
  readonly hook: string;
  readonly context?: JsonObject;
}

export interface OpenChart {
  readonly chart: Chart | undefined;
  readonly advice: readonly Advice[];
  readonly failures: readonly AdviceFailure[];
  readonly problem: RequestFailed | undefined;
  readonly asking: boolean;
  /** Whether any hook was answered since the chart was opened. */
  readonly asked: boolean;
  /** Labels of the acts that were done on advice which is no longer shown. */
  readonly done: readonly string[];
  readonly fire: (event: Event, chart?: Chart) => Promise<void>;
  readonly accept: (advice: Advice, suggestionId: string) => Promise<void>;
  readonly override: (advice: Advice, reason: OverrideReason | undefined, comment: string) => Promise<void>;
  /** Reads the chart again, and asks about the orders that are open in it; without any, as if it were opened. */
  readonly refresh: () => Promise<void>;
  readonly reload: () => Promise<Chart>;
  /** Does something that may be refused, then reads the chart again; undefined when it was refused. */
  readonly write: (change: () => Promise<unknown>) => Promise<Chart | undefined>;
}

/** The context that every hook has, and what this one has besides. */
export function contextOf(chart: Chart, more: JsonObject = {}): JsonObject {
  const encounter = encounterOf(chart)?.id;
  return {
    userId,
    patientId: chart.patient.id ?? '',
    ...(encounter !== undefined && { encounterId: encounter }),
    ...more,
  };
}

/** What a chart is asked about as it stands: the orders that are still open, or the chart as a whole. */
function eventOf(chart: Chart): Event {
  const drafts = draftsOf(chart);
  return drafts.length === 0
    ? { hook: 'patient-view' }
    : {
        hook: 'order-select',
        context: { selections: drafts.map(referenceTo), draftOrders: collection(drafts) },
      };
}

/**
 * The chart of one patient with the advice on it. It is opened, and the services are asked, when the patient changes; they
 * are asked again about what is open when `manner` (language, prefetch) does.
 */
export function useChart(
  client: CdsClient,
  patientId: string,
  { withPrefetch, manner }: { readonly withPrefetch: boolean; readonly manner: string },
): OpenChart {
  const [chart, setChart] = useState<Chart>();
  const [advice, setAdvice] = useState<readonly Advice[]>([]);
  const [failures, setFailures] = useState<readonly AdviceFailure[]>([]);
  const [problem, setProblem] = useState<RequestFailed>();
  const [asking, setAsking] = useState(false);
  const [asked, setAsked] = useState(false);
  const [done, setDone] = useState<readonly string[]>([]);
  // An answer that comes after a newer question must not be shown.
  const turn = useRef(0);
  // A second click on the same suggestion must not order twice.
  const applying = useRef(new Set<string>());
  // What was answered last, and to what: only answers to the same question can be told apart.
  const before = useRef<{ readonly question: string; readonly advice: readonly Advice[] }>(undefined);

  const attempt = useCallback(async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      setProblem(undefined);
      return await work();
    } catch (error) {
      setProblem(error instanceof RequestFailed ? error : new RequestFailed(0, []));
      return undefined;
    }
  }, []);

  const reload = useCallback(async (): Promise<Chart> => {
    const loaded = await loadChart(patientId);
    setChart(loaded);
    return loaded;
  }, [patientId]);

  const write = useCallback(
    (change: () => Promise<unknown>) =>
      attempt(async () => {
        await change();
        return reload();
      }),
    [attempt, reload],
  );

  const fire = useCallback(
    async (event: Event, about?: Chart): Promise<void> => {
      const current = about ?? chart;
      if (current === undefined) return;
      turn.current += 1;
      const mine = turn.current;
      setAsking(true);
      setDone([]);
      const context = contextOf(current, event.context);
      const answer = await askServices(client, event.hook, context, withPrefetch);
      if (mine !== turn.current) return;
      const question = `${event.hook} ${manner}`;
      const earlier = before.current;
      setAdvice(earlier?.question === question ? marked(answer.advice, earlier.advice) : answer.advice);
      before.current = { question, advice: answer.advice };
      setFailures(answer.failures);
      setAsking(false);
      setAsked(true);
    },
    [chart, client, manner, withPrefetch],
  );

  const refresh = useCallback(async (): Promise<void> => {
    await attempt(async () => {
      const loaded = await reload();
      await fire(eventOf(loaded), loaded);
    });
  }, [attempt, fire, reload]);
  const ask = useEffectEvent(() => {
    void refresh();
  });

  useEffect(() => {
    ask();
    return () => {
      turn.current += 1;
    };
  }, [client, patientId, manner]);

  const settle = useCallback((card: string, change: Partial<Advice>) => {
    setAdvice((shown) => shown.map((one) => (one.card.uuid === card ? { ...one, ...change } : one)));
  }, []);

  return {
    chart,
    advice,
    failures,
    problem,
    asking,
    asked,
    done,
    fire,
    refresh,
    reload,
    write,
    async accept({ card, serviceId, accepted }, suggestionId) {
      const suggestion = card.suggestions?.find(({ uuid }) => uuid === suggestionId);
      if (suggestion === undefined || applying.current.has(suggestionId)) return;
      applying.current.add(suggestionId);
      const { actions = [], label } = suggestion;
      const applied = await write(async () => {
        for (const action of actions) await applyAction(action);
      });
      if (applied !== undefined) {
        settle(card.uuid, { accepted: [...accepted, suggestionId] });
        await attempt(() => client.sendFeedback(serviceId, acceptance(card, suggestionId)));
        // What was said of an order goes with it.
        if (actions.some(({ type }) => type === 'delete')) {
          await fire(eventOf(applied), applied);
          setDone([label]);
        }
      }
      applying.current.delete(suggestionId);
    },
    async override({ card, serviceId }, reason, comment) {
      await attempt(async () => {
        await client.sendFeedback(serviceId, refusal(card, reason, comment));
        settle(card.uuid, { overridden: true });
      });
    },
  };
}
