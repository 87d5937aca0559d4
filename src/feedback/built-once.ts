import type { CompiledQuery, Kysely } from 'kysely';
import type { Tables } from './schema.js';

type Build<Row> = (db: Kysely<Tables>, rows: Row[]) => { readonly compile: () => CompiledQuery };

/** Below the number of parameters that a statement may have on SQLite (32 766). */
const ROWS_PER_STATEMENT = 500;

/** A list in parts that fit into one statement each. */
export const inParts = <T>(items: readonly T[], size = ROWS_PER_STATEMENT): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/**
 * An insert of many rows, built once for each number of them: building it costs more than running it. It is kept in the
 * dialect of the first database, so each database has its own. All rows must name their columns in one order.
 */
export const batchInsert = <Row extends object>(
  build: Build<Row>,
): ((db: Kysely<Tables>, rows: readonly Row[]) => Promise<void>) => {
  const statements = new Map<number, CompiledQuery>();
  return async (db, rows) => {
    for (const part of inParts(rows)) {
      let statement = statements.get(part.length);
      if (statement === undefined) statements.set(part.length, (statement = build(db, [...part]).compile()));
      const parameters: readonly unknown[] = part.flatMap((row): unknown[] => Object.values(row));
      await db.executeQuery({ ...statement, parameters });
    }
  };
};
