import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { epochDay } from '../chart/dates.js';
import { shippedLanguageCodes } from '../knowledge/languages.js';
import type { Language } from '../knowledge/types.js';
import { UsageError } from '../report/output.js';
import { defaultLanguage } from '../text.js';

/** The command line and what the environment adds to it. */
export interface ReplayOptions {
  readonly input: string;
  readonly output: string;
  /** Epoch days; events from the first on and before the last. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly services: readonly string[] | undefined;
  readonly language: Language;
  readonly localKnowledge: string | undefined;
  readonly baseline: string | undefined;
  readonly allPatients: boolean;
  readonly workers: number;
  readonly keepIds: boolean;
  readonly limit: number | undefined;
  readonly resume: boolean;
  readonly queue: string | undefined;
}

/** A process that only takes buckets from a queue. */
export interface QueueWorkerOptions {
  readonly queue: string;
  readonly workers: number;
}

export type Command =
  | { readonly kind: 'run'; readonly options: ReplayOptions }
  | { readonly kind: 'worker'; readonly options: QueueWorkerOptions };

export const usage = `replay --input DIR --output DIR [--from DATE] [--to DATE] [--services a,b] [--language CODE]
       [--local-knowledge DIR] [--baseline DIR] [--all-patients] [--workers N] [--keep-ids] [--limit N] [--resume]
       [--queue postgres://… | REPLAY_QUEUE_URL]
replay --queue postgres://… --worker [--workers N]`;

type Environment = Readonly<Record<string, string | undefined>>;

const mostWorkers = 64;

/** Reads the command line; throws a `UsageError` that lists every mistake. */
export function readCommand(args: readonly string[], env: Environment): Command {
  const { values } = parse(args);
  const problems: string[] = [];
  const wanted = <T>(
    name: string,
    text: string | undefined,
    read: (text: string) => T | string,
  ): T | undefined => {
    if (text === undefined) return undefined;
    const value = read(text);
    if (typeof value !== 'string' || name === 'queue') return value as T;
    problems.push(`--${name}: ${value}`);
    return undefined;
  };
  const day = (text: string): number | string =>
    (/^\d{4}-\d{2}-\d{2}$/.test(text) ? epochDay(text) : undefined) ?? 'expected a day, YYYY-MM-DD';
  const whole =
    (least: number, most: number) =>
    (text: string): number | string => {
      const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
      return value >= least && value <= most ? value : `expected a whole number from ${least} to ${most}`;
    };
  const queue = values.queue ?? nonEmpty(env['REPLAY_QUEUE_URL']);
  if (queue !== undefined && !/^postgres(?:ql)?:\/\/./.test(queue))
    problems.push('--queue: expected postgres://…');
  const workers =
    wanted('workers', values.workers, whole(queue === undefined ? 1 : 0, mostWorkers)) ??
    Math.min(availableParallelism(), 8);
  if (values.worker === true) {
    if (queue === undefined) problems.push('--worker: needs --queue postgres://… or REPLAY_QUEUE_URL');
    if (problems.length > 0 || queue === undefined) throw new UsageError([...problems, usage].join('\n'));
    return { kind: 'worker', options: { queue, workers: Math.max(1, workers) } };
  }
  const from = wanted('from', values.from, day);
  const to = wanted('to', values.to, day);
  if (from !== undefined && to !== undefined && from >= to) problems.push('--from must be before --to');
  const language = values.language ?? nonEmpty(env['DEFAULT_LANGUAGE']) ?? defaultLanguage;
  const languages = shippedLanguageCodes();
  if (!languages.includes(language)) problems.push(`--language: expected one of ${languages.join(', ')}`);
  for (const name of ['input', 'output'] as const)
    if (values[name] === undefined) problems.push(`--${name}: is needed`);
  const { input = '', output = '', baseline } = values;
  if (
    values.output !== undefined &&
    [input, baseline].some((other) => other !== undefined && resolve(other) === resolve(output))
  )
    problems.push('--output: must be another folder than --input and --baseline');
  const limit = wanted('limit', values.limit, whole(1, 999_999_999));
  if (problems.length > 0) throw new UsageError([...problems, usage].join('\n'));
  return {
    kind: 'run',
    options: {
      input,
      output,
      from,
      to,
      services: values.services
        ?.split(',')
        .map((each) => each.trim())
        .filter((each) => each !== ''),
      language,
      localKnowledge: values['local-knowledge'] ?? nonEmpty(env['LOCAL_KNOWLEDGE']),
      baseline,
      allPatients: values['all-patients'] === true,
      workers,
      keepIds: values['keep-ids'] === true,
      limit,
      resume: values.resume === true,
      queue,
    },
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        input: { type: 'string' },
        output: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        services: { type: 'string' },
        language: { type: 'string' },
        'local-knowledge': { type: 'string' },
        baseline: { type: 'string' },
        'all-patients': { type: 'boolean' },
        workers: { type: 'string' },
        'keep-ids': { type: 'boolean' },
        limit: { type: 'string' },
        resume: { type: 'boolean' },
        queue: { type: 'string' },
        worker: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}
