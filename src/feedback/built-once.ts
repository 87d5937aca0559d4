import type { CompiledQuery, Kysely } from 'kysely';
import type { Tables } from './schema.js';

type Build<Item> = (db: Kysely<Tables>, items: Item[]) => { readonly compile: () => CompiledQuery };

/**
 * A statement about several items, built once for each number of them: building it costs more than running it. It is kept
 * in the dialect of the first database, so each database has its own. Whoever runs it gives the parameters, in the order
 * in which `build` names them.
 */
export const builtOnce = <Item>(
  build: Build<Item>,
): ((db: Kysely<Tables>, items: readonly Item[]) => CompiledQuery) => {
  const statements = new Map<number, CompiledQuery>();
  return (db, items) => {
    let statement = statements.get(items.length);
    if (statement === undefined) statements.set(items.length, (statement = build(db, [...items]).compile()));
    return statement;
  };
};

/** An insert of many rows: under load all batches have one size. All rows must name their columns in one order. */
export const batchInsert = <Row extends object>(
  build: Build<Row>,
): ((db: Kysely<Tables>, rows: readonly Row[]) => Promise<void>) => {
  const statement = builtOnce(build);
  return async (db, rows) => {
    const parameters: readonly unknown[] = rows.flatMap((row): unknown[] => Object.values(row));
    await db.executeQuery({ ...statement(db, rows), parameters });
  };
};
