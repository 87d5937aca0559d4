import { callWriter, type CallBatch } from './calls.js';
import { openDatabase } from './connection.js';
import { countFeedback, insertFeedback, matchCards } from './feedback-records.js';
import { removeOld, removePatient } from './forget.js';
import { auditPage, cardPage, memoryPage, type MemoryPage, type Page, type PageEnd } from './reading.js';
import { StoreError } from './store-error.js';
import type {
  AuditRecord,
  CardHistory,
  DatabaseOptions,
  FeedbackCount,
  FeedbackRecord,
  Forgotten,
  MemoryRecord,
  PatientToForget,
  RecordRange,
  Retention,
  TokenUse,
} from './types.js';

/** Feedback of one call, all of it or nothing. */
export interface FeedbackBatch {
  readonly client: string;
  readonly service: string;
  readonly items: readonly FeedbackRecord[];
  readonly receivedAt: Date;
  /** Moment of the machine, in ms since 1970, after which the sender has been told that nothing was kept. */
  readonly until: number;
}

/** What the tables can do. All of it can be asked from another thread: plain values go in and come out. */
export interface Records {
  /** Gives the declines that have become known with the cards. */
  readonly writeCalls: (batch: CallBatch) => Promise<readonly MemoryRecord[]>;
  /** Marks what an instance that died has lost; says that this one lives, unless it writes no calls. */
  readonly live: (instance: string | undefined, now: Date) => Promise<readonly MemoryRecord[]>;
  readonly stopped: (instance: string, now: Date) => Promise<void>;
  readonly saveFeedback: (batch: FeedbackBatch) => Promise<readonly MemoryRecord[]>;
  readonly feedbackCounts: () => Promise<readonly FeedbackCount[]>;
  /** Of each token whether this is its first use; two alike in one list are two uses. */
  readonly firstUses: (uses: readonly TokenUse[], now: Date) => Promise<readonly boolean[]>;
  readonly memoryAfter: (seq: number) => Promise<MemoryPage>;
  readonly auditAfter: (range: RecordRange, after?: PageEnd) => Promise<Page<AuditRecord>>;
  readonly cardsAfter: (range: RecordRange, after?: PageEnd) => Promise<Page<CardHistory>>;
  readonly purge: (retention: Retention) => Promise<void>;
  readonly forgetPatient: (patient: PatientToForget, now: Date) => Promise<Forgotten>;
  readonly fhirBases: (client: string) => Promise<readonly string[]>;
  /** Rejects unless a write reaches the disk now: reading alone would not see a full disk. */
  readonly probe: (now: Date) => Promise<void>;
  readonly close: () => Promise<void>;
}

const FORGET_TOKENS_EVERY_MS = 60_000;
/** A used token is remembered past its end, in case the clock is set back. */
const TOKEN_GRACE_MS = 3_600_000;
/** A row of a few bytes finds room in a page that is there already: the probe asks for some pages more. */
const PROBE_BYTES = 16_384;

/** Opens the database and brings its tables up to date. Rejects with StoreError, as all that it gives. */
export const openRecords = async (options: DatabaseOptions): Promise<Records> => {
  const database = await openDatabase(options);
  const { run, write } = database;
  const calls = callWriter();
  let forgotAt = Number.NEGATIVE_INFINITY;

  /**
   * A card and its feedback that were written at the same moment by two instances have not seen each other. Whichever was
   * committed last finds the other now.
   */
  const matched = async (
    declines: readonly MemoryRecord[],
    cards: readonly string[],
  ): Promise<readonly MemoryRecord[]> =>
    database.concurrent && cards.length > 0
      ? [...declines, ...(await write((db) => matchCards(db, cards)))]
      : declines;

  const forgetTokens = async (now: Date): Promise<void> => {
    if (Math.abs(now.getTime() - forgotAt) < FORGET_TOKENS_EVERY_MS) return;
    forgotAt = now.getTime();
    const over = new Date(now.getTime() - TOKEN_GRACE_MS).toISOString();
    await write((db) => db.deleteFrom('used_tokens').where('expires_at', '<', over).execute());
  };

  return {
    writeCalls: async (batch) => {
      const declines = await write((db) => calls.write(db, batch));
      const cards = batch.calls.flatMap((call) => call.cards.map(({ card }) => card));
      // It is written: what is not found now is found later.
      return matched(declines, cards).catch(() => declines);
    },
    live: (instance, now) => write((db) => calls.live(db, instance, now)),
    stopped: (instance, now) => write((db) => calls.stopped(db, instance, now)),
    saveFeedback: async ({ client, service, items, receivedAt, until }) => {
      const inTime = (): void => {
        if (Date.now() > until) throw new StoreError('DEADLINE');
      };
      const declines = await write(async (db) => {
        inTime();
        const known = await insertFeedback(db, client, service, items, receivedAt);
        inTime();
        return known;
      });
      const cards = [...new Set(items.map(({ card }) => card))];
      return matched(declines, cards).catch(() => declines);
    },
    feedbackCounts: () => run(countFeedback),
    firstUses: async (uses, now) => {
      await forgetTokens(now);
      const rows = new Map(uses.map(({ token, expiresAt }) => [token, expiresAt.toISOString()]));
      const inserted = await write((db) =>
        db
          .insertInto('used_tokens')
          // One order for all writers, so that two of them can never wait for each other.
          .values(
            [...rows]
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([token, expires_at]) => ({ token, expires_at })),
          )
          .onConflict((conflict) => conflict.column('token').doNothing())
          .returning('token')
          .execute(),
      );
      const isNew = new Set(inserted.map(({ token }) => token));
      return uses.map(({ token }) => isNew.delete(token));
    },
    memoryAfter: (seq) => run((db) => memoryPage(db, seq)),
    auditAfter: (range, after) => run((db) => auditPage(db, range, after)),
    cardsAfter: (range, after) => run((db) => cardPage(db, range, after)),
    purge: (retention) => write((db) => removeOld(db, retention)),
    forgetPatient: (patient, now) => write((db) => removePatient(db, patient, now)),
    fhirBases: async (client) => {
      const rows = await run((db) =>
        db.selectFrom('fhir_bases').select('base').where('client', '=', client).orderBy('base').execute(),
      );
      return rows.map(({ base }) => base);
    },
    probe: async (now) => {
      const at = now.toISOString();
      database.ensureRoom();
      const filled = (filler: string) =>
        write((db) =>
          db
            .insertInto('probe')
            .values({ id: 1, at, filler })
            .onConflict((conflict) => conflict.column('id').doUpdateSet({ at, filler }))
            .execute(),
        );
      await filled(at.padEnd(PROBE_BYTES));
      await filled('');
    },
    close: database.close,
  };
};
