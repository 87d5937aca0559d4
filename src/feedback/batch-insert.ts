import type { CompiledQuery, Kysely } from 'kysely';
import type { Tables } from './schema.js';

/**
 * Makes an insert of many rows that is built once for each number of rows: under load all batches have one size, and
 * building such a statement costs more than running it. All rows must name their columns in one order.
 */
export const batchInsert = <Row extends object>(
  build: (db: Kysely<Tables>, rows: Row[]) => { readonly compile: () => CompiledQuery },
): ((db: Kysely<Tables>, rows: readonly Row[]) => Promise<void>) => {
  const statements = new Map<number, CompiledQuery>();
  return async (db, rows) => {
    let statement = statements.get(rows.length);
    if (statement === undefined) statements.set(rows.length, (statement = build(db, [...rows]).compile()));
    const parameters: readonly unknown[] = rows.flatMap((row): unknown[] => Object.values(row));
    await db.executeQuery({ ...statement, parameters });
  };
};
