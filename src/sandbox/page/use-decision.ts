import { useCallback, useRef, useState } from 'react';
import type { Advice, AdviceFailure } from './advice.js';
import type { CdsClient } from './cds-client.js';
import type { Chart } from './chart.js';
import {
  applyChoices,
  askedAt,
  keyOf,
  tellReasons,
  type Choices,
  type Moment,
  type Step,
} from './decision.js';
import { RequestFailed } from './json.js';
import type { OpenChart } from './use-chart.js';

/** A moment of deciding as it stands. */
export interface Decision {
  readonly step: Step;
  /** `asking` the services, `deciding`, `working` on what was decided, `over`. */
  readonly state: 'asking' | 'deciding' | 'working' | 'over';
  /** What is about to be done; once it is over, what was done. */
  readonly subject: readonly string[];
  readonly advice: readonly Advice[];
  readonly failures: readonly AdviceFailure[];
  /** Labels of the acts that were done on advice. */
  readonly applied: readonly string[];
  readonly problem: RequestFailed | undefined;
}

export interface Deciding {
  readonly decision: Decision | undefined;
  readonly begin: (moment: Moment, chart: Chart) => Promise<void>;
  /** Does what was chosen; when the services have nothing new to say of it, goes on. */
  readonly apply: (choices: Choices) => Promise<void>;
  readonly proceedAnyway: (choices: Choices) => Promise<void>;
  readonly close: () => void;
}

interface Underway {
  readonly moment: Moment;
  readonly seen: ReadonlySet<string>;
}

/** Leads through signing, booking and discharging: asks, lets decide, does it once, and says what was done. */
export function useDecision(open: OpenChart, client: CdsClient, withPrefetch: boolean): Deciding {
  const [decision, setDecision] = useState<Decision>();
  const underway = useRef<Underway>(undefined);
  // Whatever is pressed twice happens once.
  const busy = useRef(false);
  const { reload, refresh } = open;

  const alone = useCallback(async (work: () => Promise<void>): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    try {
      await work();
    } catch (error) {
      const problem = error instanceof RequestFailed ? error : new RequestFailed(0, []);
      setDecision((shown) => shown && { ...shown, state: 'deciding', problem });
    } finally {
      busy.current = false;
    }
  }, []);

  const finish = useCallback(
    async (moment: Moment, chart: Chart): Promise<void> => {
      const subject = await moment.proceed(chart);
      // What is said to be left is what the chart holds now. It is done, whether the chart can be read again or not.
      await reload().catch(() => undefined);
      setDecision((shown) => shown && { ...shown, state: 'over', subject, advice: [], failures: [] });
      await refresh();
    },
    [refresh, reload],
  );

  const ask = useCallback(
    async (moment: Moment, chart: Chart, seen: ReadonlySet<string>): Promise<void> => {
      const answer = await askedAt(moment, chart, client, { withPrefetch, seen });
      underway.current = {
        moment,
        seen: new Set([...seen, ...answer.advice.map(({ card }) => keyOf(card))]),
      };
      const subject = moment.subject(chart);
      if (answer.advice.length + answer.failures.length === 0) await finish(moment, chart);
      else setDecision((shown) => shown && { ...shown, ...answer, state: 'deciding', subject });
    },
    [client, finish, withPrefetch],
  );

  const begin = useCallback(
    (moment: Moment, chart: Chart) =>
      alone(async () => {
        setDecision({
          step: moment.step,
          state: 'asking',
          subject: moment.subject(chart),
          advice: [],
          failures: [],
          applied: [],
          problem: undefined,
        });
        await ask(moment, chart, new Set());
      }),
    [alone, ask],
  );

  const decided = (work: (underway: Underway, advice: readonly Advice[]) => Promise<void>): Promise<void> =>
    alone(async () => {
      if (underway.current === undefined || decision === undefined) return;
      setDecision({ ...decision, state: 'working', problem: undefined });
      await work(underway.current, decision.advice);
    });

  return {
    decision,
    begin,
    apply: (choices) =>
      decided(async ({ moment, seen }, advice) => {
        const done = await applyChoices(advice, choices, moment, client);
        await tellReasons(advice, choices, client);
        setDecision((shown) => shown && { ...shown, applied: [...shown.applied, ...done] });
        const chart = await reload();
        if (moment.subject(chart).length === 0) await finish(moment, chart);
        else await ask(moment, chart, seen);
      }),
    proceedAnyway: (choices) =>
      decided(async ({ moment }, advice) => {
        await tellReasons(advice, choices, client);
        await finish(moment, await reload());
      }),
    close: () => {
      if (!busy.current || decision?.state === 'over') setDecision(undefined);
    },
  };
}
