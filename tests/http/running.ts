import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { readConfig } from '../../src/config.js';
import { mount } from '../../src/mount.js';
import { preparedFor } from '../shared/knowledge.js';
import { start, type Running, type StartOptions } from '../../src/start.js';

/** The day on which the tests are played. */
export const today = '2026-11-20';

export interface TestService extends Running {
  readonly logged: () => readonly Readonly<Record<string, unknown>>[];
  readonly logText: () => string;
}

/** The real service on a free port of loopback, with a store of its own, the demo sandbox and a fixed day. */
export async function startService(
  env: Readonly<Record<string, string>> = {},
  options: {
    readonly sandbox?: boolean;
    readonly now?: () => Date;
    /** What is mounted; with the sandbox all of it when left out. */
    readonly additions?: StartOptions['additions'];
    /** What was shown before is remembered; else tests may ask the same again and again. */
    readonly remembersShown?: boolean;
  } = {},
): Promise<TestService> {
  const folder = await mkdtemp(join(tmpdir(), 'cds-test-'));
  const read = readConfig({
    PORT: '0',
    DATABASE_URL: `file:${folder}/cds.sqlite`,
    LOG_LEVEL: 'debug',
    ...env,
  });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const running = await start({
    config: read.config,
    prepared: preparedFor(read.config),
    log: pino({ level: 'debug', base: null }, sink),
    clock: options.now ?? (() => new Date(`${today}T10:00:00`)),
    saysAgain: options.remembersShown !== true,
    additions: options.additions ?? (options.sandbox === false ? () => ({}) : mount),
  });
  return {
    ...running,
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
    logText: () => lines.join(''),
    logged: () => lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>),
  };
}

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

export async function call(url: string, init: RequestInit = {}): Promise<JsonAnswer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

export function post(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> {
  return call(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export const hookInstance = 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea';

export function patientView(patientId: string, extra: Readonly<Record<string, unknown>> = {}) {
  return {
    hook: 'patient-view',
    hookInstance,
    context: { userId: 'Practitioner/demo-oncologist', patientId },
    ...extra,
  };
}

export function denosumab(patientId: string, extra: Readonly<Record<string, unknown>> = {}) {
  return {
    resourceType: 'MedicationRequest',
    id: 'denosumab-draft',
    status: 'draft',
    intent: 'order',
    subject: { reference: `Patient/${patientId}` },
    medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'M05BX04' }] },
    dosageInstruction: [
      {
        timing: { repeat: { frequency: 1, period: 4, periodUnit: 'wk' } },
        doseAndRate: [
          { doseQuantity: { value: 120, unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' } },
        ],
      },
    ],
    ...extra,
  };
}

export function orderSign(
  patientId: string,
  orders: readonly unknown[],
  extra: Readonly<Record<string, unknown>> = {},
) {
  return {
    hook: 'order-sign',
    hookInstance,
    context: {
      userId: 'Practitioner/demo-oncologist',
      patientId,
      draftOrders: {
        resourceType: 'Bundle',
        type: 'collection',
        entry: orders.map((resource) => ({ resource })),
      },
    },
    ...extra,
  };
}

interface CardShape {
  readonly uuid: string;
  readonly summary: string;
  readonly detail: string;
  readonly indicator: string;
  readonly overrideReasons: readonly { readonly code: string }[];
  readonly source: { readonly topic: { readonly code: string } };
  readonly suggestions?: readonly {
    readonly uuid: string;
    readonly actions: readonly {
      readonly type: string;
      readonly resource: Readonly<Record<string, unknown>>;
    }[];
  }[];
  readonly extension: Readonly<
    Record<
      string,
      {
        readonly rule: string;
        readonly recommendations: readonly string[];
        readonly outcome: string;
        readonly missing?: readonly string[];
        readonly unchecked?: readonly string[];
      }
    >
  >;
}

export function cardsOf(answer: JsonAnswer): readonly CardShape[] {
  return (answer.body as { readonly cards: readonly CardShape[] }).cards;
}

/** The card that states the recommendation, if any. */
export function cardAbout(answer: JsonAnswer, recommendation: string): CardShape | undefined {
  return cardsOf(answer).find(({ extension }) =>
    extension['example.bone-metastasis-cds']?.recommendations.includes(recommendation),
  );
}

/** Codes of an OperationOutcome. */
export function codesOf(answer: JsonAnswer): readonly string[] {
  const { issue } = answer.body as {
    readonly issue: readonly {
      readonly details: { readonly coding: readonly { readonly code: string }[] };
    }[];
  };
  return issue.map(({ details }) => details.coding[0]?.code ?? '');
}

/** Waits until it holds: for what the service does after its answer. What never comes fails the test that looks next. */
export async function eventually(holds: () => Promise<boolean>, patienceMs = 8000): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await holds()) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
}
