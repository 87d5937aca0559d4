import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readClients } from './clients.js';
import type { Client, ClientsResult } from './clients.js';
import type { ClientsProblem } from './clients-problems.js';

/** The methods of pino that are used here. */
export interface ClientsLog {
  readonly info: (fields: object, message: string) => void;
  readonly warn: (fields: object, message: string) => void;
  readonly error: (fields: object, message: string) => void;
}

export interface WatchOptions {
  readonly production: boolean;
  readonly log: ClientsLog;
  /** How often the file is looked at, besides the notices of the file system. */
  readonly pollMs?: number;
}

/** The clients as the newest valid version of the file has them. `close` ends the watching. */
export interface TrustedClients {
  readonly current: () => readonly Client[];
  readonly close: () => void;
}

export type WatchResult =
  | { readonly ok: true; readonly clients: TrustedClients }
  | { readonly ok: false; readonly problems: readonly ClientsProblem[] };

/** An editor writes a file in several steps: the first notice is too early. */
const SETTLE_MS = 100;
const POLL_MS = 2000;

const unreadable: ClientsResult = {
  ok: false,
  problems: [{ line: 0, path: '', expected: 'a file that can be read' }],
};

const textOf = async (file: string): Promise<string | undefined> => {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
};

const resultOf = (text: string | undefined, production: boolean): ClientsResult =>
  text === undefined ? unreadable : readClients(text, production);

/** Reads the clients file once: for a start that is refused anyway and lists all that is wrong. */
export const readClientsFile = async (file: string, production: boolean): Promise<ClientsResult> =>
  resultOf(await textOf(file), production);

/**
 * Notices of the file system on the folder: a file that is replaced (an editor, a Kubernetes volume) would be
 * lost from sight otherwise. Where they cannot be had (no handles left, network drive) polling is enough.
 */
const watchFolder = (file: string, onChange: () => void): FSWatcher | undefined => {
  try {
    const watcher = watch(dirname(file), { persistent: false }, onChange);
    watcher.on('error', () => {
      watcher.close();
    });
    return watcher;
  } catch {
    return undefined;
  }
};

/**
 * Reads the clients file and follows its changes. A first version that is invalid is the caller's problem;
 * a later one is refused and logged once, and the clients of the last valid version stay.
 */
export const watchClients = async (file: string, options: WatchOptions): Promise<WatchResult> => {
  const { production, log, pollMs = POLL_MS } = options;
  let seen = await textOf(file);
  const first = resultOf(seen, production);
  if (!first.ok) return first;
  const warn = (warnings: readonly ClientsProblem[]): void => {
    if (warnings.length > 0) log.warn({ problems: warnings }, 'clients file allows what is hardly meant');
  };
  warn(first.warnings);
  let clients = first.clients;
  let closed = false;
  let settling: NodeJS.Timeout | undefined;
  let rereading = Promise.resolve();

  const reread = async (): Promise<void> => {
    const text = await textOf(file);
    if (closed || text === seen) return;
    seen = text;
    const next = resultOf(text, production);
    if (next.ok) {
      clients = next.clients;
      log.info({ clients: clients.length }, 'clients file re-read');
      warn(next.warnings);
    } else {
      log.error({ problems: next.problems }, 'clients file refused, the last valid version stays');
    }
  };
  const onChange = (): void => {
    if (closed) return;
    clearTimeout(settling);
    settling = setTimeout(() => {
      settling = undefined;
      rereading = rereading.then(reread);
    }, SETTLE_MS);
    settling.unref();
  };

  const watcher = watchFolder(file, onChange);
  // The content is compared, not a time: what changed since the first reading is found too, however short ago that was.
  const polling = setInterval(() => {
    void textOf(file).then((text) => {
      if (text !== seen && settling === undefined) onChange();
    });
  }, pollMs);
  polling.unref();
  return {
    ok: true,
    clients: {
      current: () => clients,
      close: () => {
        closed = true;
        clearTimeout(settling);
        watcher?.close();
        clearInterval(polling);
      },
    },
  };
};
