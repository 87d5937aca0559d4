import { createHash, randomBytes } from 'node:crypto';
import { toIsoDay } from '../chart/dates.js';
import { checkBaseline } from './compare.js';
import { makeOutput, ReportError, UsageError, writeOutput } from '../report/output.js';
import { Interrupted } from './errors.js';
import { exportFiles, type ExportFile } from './export-files.js';
import { dormant, quietRules, reportJson, type Findings } from './findings.js';
import { groupPatients } from './grouping.js';
import { unreadCsv } from './not-understood.js';
import type { ReplayOptions } from './options.js';
import type { Terms } from './patient.js';
import { readSpoken } from '../knowledge/read/spoken.js';
import type { Played } from './played.js';
import { openPool, type Pool } from './pool.js';
import { problemOf } from './pool.js';
import type { Progress } from './progress.js';
import { pseudonyms, type Pseudonyms } from './pseudonym.js';
import { playOnQueue } from './queue-run.js';
import { reportHtml } from './report-html.js';
import { gatherResults, writeChanges, type Gathered } from './results.js';
import {
  freshState,
  isPlayed,
  readGrouped,
  removeState,
  saveGrouped,
  stateFolder,
  type Grouped,
} from './state.js';
import type { Tally } from './tally.js';

/** What a run needs from outside. */
export interface Surroundings {
  readonly edition: string;
  /** `FEEDBACK_SECRET`: patients are called by the same names in every run under one key. */
  readonly key: string | undefined;
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Plays a population and writes the output folder. Throws UsageError, ReportError or Interrupted. */
export async function replay(options: ReplayOptions, around: Surroundings): Promise<Findings> {
  const files = await exportFiles(options.input);
  const folder = stateFolder(options.output);
  await makeOutput(options.output);
  const fingerprint = fingerprintOf(options, around, files);
  const resumed = options.resume ? await readGrouped(folder, fingerprint) : undefined;
  if (options.resume)
    around.progress.note(resumed === undefined ? 'nothing to resume: beginning anew' : 'resuming');
  const key = resumed?.key ?? around.key ?? randomBytes(32).toString('base64url');
  if (around.key === undefined && !options.keepIds)
    around.progress.note('FEEDBACK_SECRET is not set: the names of patients are those of this run alone');
  const names = pseudonyms(key, options.keepIds);
  if (options.baseline !== undefined) await checkBaseline(options.baseline, names.fingerprint);
  const onAbort = new Promise<never>((_, reject) => {
    const stop = (): void => {
      reject(new Interrupted('interrupted'));
    };
    if (around.signal.aborted) stop();
    else around.signal.addEventListener('abort', stop, { once: true });
  });
  onAbort.catch(() => undefined);
  let keep = false;
  let working: Promise<Findings> | undefined;
  try {
    if (resumed === undefined) await freshState(folder);
    working = work({ options, around, files, folder, fingerprint, key, names, resumed }, onAbort);
    return await Promise.race([working, onAbort]);
  } catch (error) {
    keep = options.resume && !(error instanceof UsageError);
    throw fromSystem(error);
  } finally {
    // What still works would bring back what is being removed.
    await working?.catch(() => undefined);
    if (!keep) await removeState(folder);
  }
}

const mostSuggestions = 100;

interface Job {
  readonly options: ReplayOptions;
  readonly around: Surroundings;
  readonly files: readonly ExportFile[];
  readonly folder: string;
  readonly fingerprint: string;
  readonly key: string;
  readonly names: Pseudonyms;
  readonly resumed: Grouped | undefined;
}

async function work(job: Job, onAbort: Promise<never>): Promise<Findings> {
  const { options, around, files, folder, fingerprint, key, resumed } = job;
  const { progress } = around;
  const terms = termsOf(options, around.now);
  const setup = {
    folder,
    localKnowledge: options.localKnowledge,
    edition: around.edition,
    key,
    keepIds: options.keepIds,
    terms,
  };
  // Somebody has to read the export, even where only others play.
  const pool = await openPool(Math.max(1, options.workers), setup, () => {
    progress.patient();
  });
  const closing = onAbort.catch(() => pool.close());
  try {
    around.signal.throwIfAborted();
    const [played] = await pool.each('played', null);
    if (played === undefined) throw new ReportError(['no worker thread']);
    const services = servicesOf(options, played);
    progress.step('reading');
    const grouped = resumed ?? {
      ...(await groupPatients(pool, {
        input: options.input,
        files,
        folder,
        allPatients: options.allPatients,
        limit: options.limit,
      })),
      fingerprint,
      key,
    };
    if (resumed === undefined) await saveGrouped(folder, grouped);
    progress.step('playing', grouped.chosen);
    const failedBuckets = await playAll(pool, grouped, played.digest, job, setup);
    progress.step('writing');
    const tally = await gatherResults(options.output, folder, grouped, failedBuckets);
    const texts = grouped.unread.slice(0, mostSuggestions).map(({ text }) => text);
    const suggestedSets = await pool.one('named', texts);
    return await conclude(job, { grouped, played, services, tally, failedBuckets, suggestedSets });
  } finally {
    await pool.close();
    if (around.signal.aborted) await closing;
  }
}

async function playAll(
  pool: Pool,
  grouped: Grouped,
  digest: string,
  { options, folder, around }: Job,
  setup: Parameters<typeof openPool>[1],
): Promise<readonly string[]> {
  const open = Array.from({ length: grouped.buckets }, (_, bucket) => bucket).filter(
    (bucket) => !isPlayed(folder, bucket),
  );
  if (options.queue === undefined) {
    await pool.share('play', open);
    return [];
  }
  return playOnQueue({
    url: options.queue,
    pool: options.workers === 0 ? undefined : pool,
    workers: options.workers,
    folder,
    grouped,
    digest,
    keep: options.resume,
    setup,
    signal: around.signal,
    note: around.progress.note,
    playedOne: () => {
      around.progress.patient();
    },
  });
}

interface Results {
  readonly grouped: Grouped;
  readonly played: Played;
  readonly services: readonly string[];
  readonly tally: Gathered;
  readonly failedBuckets: readonly string[];
  readonly suggestedSets: readonly string[];
}

async function conclude(
  { options, names }: Job,
  { grouped, played, services, tally: { tally, clinicianDays }, failedBuckets, suggestedSets }: Results,
): Promise<Findings> {
  const { output, baseline } = options;
  const changes =
    baseline === undefined ? undefined : await writeChanges(baseline, output, options.keepIds, names);
  const findings: Findings = {
    period: periodOf(options, tally),
    tally,
    grouped,
    played,
    pseudonyms: names.fingerprint,
    unread: grouped.unread,
    suggestedSets,
    services,
    clinicianDays,
    neverFired: quietRules(played, new Set(services), tally),
    dormantInputs: dormant(played, grouped.kinds),
    failedBuckets,
    ...(changes !== undefined && { changes }),
  };
  await writeOutput(output, 'not-understood.csv', unreadCsv(grouped.unread));
  await writeOutput(output, 'report.html', reportHtml(findings, options.language, await readSpoken()));
  // Last: where it is, the output is whole.
  await writeOutput(output, 'report.json', `${JSON.stringify(reportJson(findings), null, 2)}\n`);
  return findings;
}

/** Days before and after everything, as a number that JSON can hold. */
const farAway = 1_000_000_000;

function termsOf(options: ReplayOptions, now: Date): Terms {
  const today = Math.floor(now.getTime() / 86_400_000);
  return {
    services: options.services === undefined ? undefined : new Set(options.services),
    from: options.from ?? -farAway,
    to: options.to ?? farAway,
    today,
    language: options.language,
    allPatients: options.allPatients,
  };
}

function servicesOf({ services }: ReplayOptions, { services: all }: Played): readonly string[] {
  const known = all.map(({ id }) => id);
  const strange = (services ?? []).filter((id) => !known.includes(id));
  if (strange.length > 0)
    throw new UsageError(
      `--services: no such service: ${strange.join(', ')} (there are ${known.join(', ')})`,
    );
  return services === undefined ? known : known.filter((id) => services.includes(id));
}

/** The days asked for; where none are, from the first day with an event to the day after the last. */
function periodOf({ from, to }: ReplayOptions, tally: Tally): Findings['period'] {
  const after = (day: string): string =>
    day === '' ? '' : toIsoDay(Math.round(Date.parse(day) / 86_400_000) + 1);
  return {
    from: from === undefined ? tally.firstDay : toIsoDay(from),
    to: to === undefined ? after(tally.lastDay) : toIsoDay(to),
  };
}

/** The same input and the same question give the same fingerprint. */
function fingerprintOf(
  options: ReplayOptions,
  { edition, key }: Surroundings,
  files: readonly ExportFile[],
): string {
  const { input, from, to, services, language, localKnowledge, allPatients, keepIds, limit } = options;
  const asked = {
    input,
    from,
    to,
    services,
    language,
    localKnowledge,
    allPatients,
    keepIds,
    limit,
    edition,
    files,
  };
  return createHash('sha256')
    .update(JSON.stringify(asked))
    .update(key ?? '')
    .digest('hex');
}

function fromSystem(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ReportError || !('code' in error)) return error;
  const { code } = error;
  return typeof code === 'string' && code.startsWith('E')
    ? new ReportError([problemOf(code, error.message)])
    : error;
}
