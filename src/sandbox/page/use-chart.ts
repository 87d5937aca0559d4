import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { OverrideReason } from '../../cds-hooks/types.js';
import { acceptance, applyAction, askServices, refusal, type Advice, type AdviceFailure } from './advice.js';
import type { CdsClient } from './cds-client.js';
import { encounterOf, loadChart, type Chart } from './chart.js';
import { RequestFailed, type JsonObject } from './json.js';

/** The clinician who is logged in to the sandbox EHR. */
export const userId = 'Practitioner/demo-oncologist';

/** What waits until the user has read the cards: signing, booking, discharging. */
export type Step = 'sign' | 'book' | 'discharge';

export interface Pending {
  readonly step: Step;
  readonly proceed: () => Promise<void>;
}

export interface Event {
  readonly hook: string;
  readonly context?: JsonObject;
  readonly chart?: Chart;
  /** What the user wants to do: done at once when there is nothing to be read first. */
  readonly pending?: Pending;
}

export interface OpenChart {
  readonly chart: Chart | undefined;
  readonly advice: readonly Advice[];
  readonly failures: readonly AdviceFailure[];
  readonly problem: RequestFailed | undefined;
  readonly asking: boolean;
  /** Whether any hook was answered since the chart was opened. */
  readonly asked: boolean;
  readonly pending: Pending | undefined;
  readonly fire: (event: Event) => Promise<void>;
  readonly accept: (advice: Advice, suggestionId: string) => Promise<void>;
  readonly override: (advice: Advice, reason: OverrideReason | undefined, comment: string) => Promise<void>;
  /** Reads the chart again and asks as if it were opened. */
  readonly reopen: () => Promise<void>;
  /** Does something that may be refused, then reads the chart again. */
  readonly write: (change: () => Promise<unknown>) => Promise<boolean>;
}

/** The chart of one patient with the advice on it. It is opened, and the hook fired, when the patient changes. */
export function useChart(client: CdsClient | undefined, patientId: string, withPrefetch: boolean): OpenChart {
  const [chart, setChart] = useState<Chart>();
  const [advice, setAdvice] = useState<readonly Advice[]>([]);
  const [failures, setFailures] = useState<readonly AdviceFailure[]>([]);
  const [problem, setProblem] = useState<RequestFailed>();
  const [asking, setAsking] = useState(false);
  const [asked, setAsked] = useState(false);
  const [pending, setPending] = useState<Pending>();
  // An answer that comes after a newer question must not be shown.
  const turn = useRef(0);
  // A second click on the same suggestion must not order twice.
  const applying = useRef(new Set<string>());

  const attempt = useCallback(async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      setProblem(undefined);
      await work();
      return true;
    } catch (error) {
      setProblem(error instanceof RequestFailed ? error : new RequestFailed(0, []));
      return false;
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
        // What was about to be done was about another chart: the services have to be asked again.
        setPending(undefined);
        await reload();
      }),
    [attempt, reload],
  );

  const fire = useCallback(
    async (event: Event): Promise<void> => {
      if (client === undefined) return;
      turn.current += 1;
      const mine = turn.current;
      setAsking(true);
      setPending(undefined);
      const current = event.chart ?? chart;
      const encounter = current === undefined ? undefined : encounterOf(current)?.id;
      const context = {
        userId,
        patientId,
        ...(encounter !== undefined && { encounterId: encounter }),
        ...event.context,
      };
      const answer = await askServices(client, event.hook, context, withPrefetch);
      if (mine !== turn.current) return;
      setAdvice(answer.advice);
      setFailures(answer.failures);
      setAsking(false);
      setAsked(true);
      if (event.pending === undefined) return;
      if (answer.advice.length === 0 && answer.failures.length === 0) await write(event.pending.proceed);
      else setPending(event.pending);
    },
    [chart, client, patientId, withPrefetch, write],
  );

  const reopen = useCallback(
    () =>
      attempt(async () => {
        const loaded = await reload();
        await fire({ hook: 'patient-view', chart: loaded });
      }).then(() => undefined),
    [attempt, fire, reload],
  );
  const open = useEffectEvent(() => {
    void reopen();
  });

  useEffect(() => {
    setChart(undefined);
    setAdvice([]);
    setFailures([]);
    setAsked(false);
    setPending(undefined);
    if (client !== undefined) open();
    return () => {
      turn.current += 1;
    };
  }, [client, patientId]);

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
    pending: pending && {
      step: pending.step,
      proceed: async () => {
        await write(pending.proceed);
      },
    },
    fire,
    reopen,
    write,
    async accept({ card, serviceId, accepted }, suggestionId) {
      const suggestion = card.suggestions?.find(({ uuid }) => uuid === suggestionId);
      if (suggestion === undefined || client === undefined || applying.current.has(suggestionId)) return;
      applying.current.add(suggestionId);
      const applied = await write(async () => {
        for (const action of suggestion.actions ?? []) await applyAction(action);
      });
      if (applied) {
        settle(card.uuid, { accepted: [...accepted, suggestionId] });
        await attempt(() => client.sendFeedback(serviceId, acceptance(card, suggestionId)));
      }
      applying.current.delete(suggestionId);
    },
    async override({ card, serviceId }, reason, comment) {
      if (client === undefined) return;
      await attempt(async () => {
        await client.sendFeedback(serviceId, refusal(card, reason, comment));
        settle(card.uuid, { overridden: true });
      });
    },
  };
}
