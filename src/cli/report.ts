import { parseArgs } from 'node:util';
import type { Config } from '../config.js';
import { openReader, StoreVersionError, type StoreReader, type Unreadable } from '../feedback/reader.js';
import { StoreError } from '../feedback/store-error.js';
import { checkExpression } from '../fhirpath/lint.js';
import { loadKnowledge } from '../knowledge/load-knowledge.js';
import { shippedLanguageCodes } from '../knowledge/languages.js';
import type { Language } from '../knowledge/types.js';
import { readSpoken } from '../knowledge/read/spoken.js';
import { isEmpty, reportJson, type Names } from '../monitoring/findings.js';
import { readPeriod, type Period } from '../monitoring/read-period.js';
import { reportHtml } from '../monitoring/report-html.js';
import { shown } from '../monitoring/tally.js';
import { makeOutput, ReportError, UsageError, writeOutput } from '../report/output.js';
import { expectedMoment, momentOf } from './moment.js';
import { runAsProgram } from './program.js';
import { sharedConfig } from './shared-config.js';

const usage = `report [--from DATE] [--to DATE] [--client ISSUER] [--output DIR] [--language CODE]
       DATABASE_URL: the store of the service`;

/** Enough weeks to see drift in. */
const defaultDays = 84;
const dayMs = 86_400_000;

/** What the command line asks for. */
export interface ReportWish extends Period {
  readonly output: string;
  readonly language: Language;
}

/**
 * Reads the command line: `--from` included, `--to` excluded; without them the twelve weeks until now. Throws a UsageError
 * that lists every mistake.
 */
export function reportWish(args: readonly string[], now: Date, language: Language): ReportWish {
  const { values } = parsed(args);
  const problems: string[] = [];
  const moment = (option: 'from' | 'to'): Date | undefined => {
    const text = values[option];
    if (text === undefined) return undefined;
    const found = momentOf(text);
    if (found === undefined) problems.push(`--${option}: ${expectedMoment}`);
    return found;
  };
  const first = moment('from');
  const to = moment('to') ?? now;
  const from = first ?? new Date(to.getTime() - defaultDays * dayMs);
  if (problems.length === 0 && from >= to)
    problems.push(
      values.to === undefined ? '--from: lies in the future, and --to is now' : '--from must be before --to',
    );
  const wanted = values.language ?? language;
  const languages = shippedLanguageCodes();
  if (!languages.includes(wanted)) problems.push(`--language: expected one of ${languages.join(', ')}`);
  if (values.output === '') problems.push('--output: expected a folder');
  if (problems.length > 0) throw new UsageError([...problems, usage].join('\n'));
  return {
    from,
    to,
    client: values.client,
    output: values.output ?? 'data/report',
    language: wanted,
  };
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: { from: text, to: text, client: text, output: text, language: text },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

const whyUnreadable: Readonly<Record<Unreadable, string>> = {
  absent: 'there is no store of the service here',
  older:
    'an earlier version of the service wrote this store: start this version on it once, or use the report of that version',
  newer: 'a newer version of the service writes this store: use the report of that version',
};

async function opened(url: string): Promise<StoreReader> {
  try {
    return await openReader(url);
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(error: unknown): unknown {
  if (error instanceof StoreVersionError)
    return new ReportError([`DATABASE_URL: ${whyUnreadable[error.why]}`]);
  if (error instanceof StoreError)
    return new ReportError([`DATABASE_URL: the store cannot be read (${error.driverCode})`]);
  return error;
}

/** What rules, services and reasons are called by the knowledge of this version and the hospital's own. */
async function namesOf({ localKnowledge, canonicalBase }: Config): Promise<Names> {
  const { rules, services, overrideReasons } = await loadKnowledge({
    checkExpression,
    canonicalBase,
    ...(localKnowledge !== undefined && { overlay: localKnowledge }),
  });
  const titles = (named: typeof rules | typeof services): Names['rules'] =>
    new Map([...named].map(([id, { title }]) => [id, title]));
  return {
    rules: titles(rules),
    services: titles(services),
    reasons: new Map([...overrideReasons].map(([code, { display }]) => [code, display])),
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

const shared = ['DATABASE_URL', 'LOCAL_KNOWLEDGE', 'CANONICAL_BASE', 'DEFAULT_LANGUAGE'];

/**
 * `report [--from D] [--to D] …`: what the service has said and what became of it, from its store, which is only looked
 * at. Resolves with the exit code: 0 done, 1 a store that cannot be read or an output that cannot be written, 2 usage.
 */
export async function runReport(args: readonly string[], env: Environment, now: Date): Promise<number> {
  try {
    const config = sharedConfig(env, shared);
    const wish = reportWish(args, now, config.defaultLanguage);
    const { database } = config;
    const store = await opened(database.kind === 'sqlite' ? `file:${database.path}` : database.url);
    try {
      await makeOutput(wish.output);
      const findings = await readPeriod(store, wish, await namesOf(config)).catch((error: unknown) => {
        throw unreadable(error);
      });
      await writeOutput(wish.output, 'report.html', reportHtml(findings, wish.language, await readSpoken()));
      await writeOutput(wish.output, 'report.json', `${JSON.stringify(reportJson(findings), null, 2)}\n`);
      const { calls, all } = findings.tally;
      if (isEmpty(findings)) {
        const { kept } = findings;
        const holds =
          kept === undefined
            ? 'the store holds no call'
            : `the store holds calls from ${kept.first.toISOString()} to ${kept.last.toISOString()}`;
        process.stderr.write(`nothing was recorded in this period; ${holds}\n`);
      }
      process.stdout.write(`${calls} calls, ${shown(all)} cards shown: ${wish.output}\n`);
      return 0;
    } finally {
      await store.close();
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

await runAsProgram(import.meta.url, async (args) => {
  process.exitCode = await runReport(args, process.env, new Date());
});
