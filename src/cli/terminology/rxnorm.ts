import { join } from 'node:path';
import type { CodeList } from '../../knowledge/read/code-list-table.js';
import { cellsOf, ReleaseError, type Product } from './release.js';
import type { Sorting } from './sorting.js';

export const rxnormSystem = 'http://www.nlm.nih.gov/research/umls/rxnorm';

/** Term types from the ingredient up to the pack: what a product is made of stands lower. */
const rank: ReadonlyMap<string, number> = new Map([
  ['IN', 0],
  ['PIN', 1],
  ['SCDC', 2],
  ['SBDC', 2],
  ['SCD', 3],
  ['SBD', 4],
  ['GPCK', 5],
  ['BPCK', 6],
]);

const products: ReadonlySet<string> = new Set(['SCD', 'SBD', 'GPCK', 'BPCK']);

const relations: ReadonlySet<string> = new Set(
  [
    ['has_ingredient', 'ingredient_of', 'has_precise_ingredient', 'precise_ingredient_of'],
    ['constitutes', 'consists_of', 'has_tradename', 'tradename_of', 'contains', 'contained_in'],
    ['has_form', 'form_of'],
  ].flat(),
);

interface Concept {
  readonly type: string;
  readonly name: string;
}

/**
 * The products of a release of RxNorm (RXNCONSO.RRF, RXNREL.RRF) that hold an ingredient of the list. Rejects with
 * `ReleaseError` when a product that is known does not lead to its ingredient.
 */
export async function rxnormProducts(
  folder: string,
  list: CodeList | undefined,
  { checks }: Sorting,
): Promise<readonly Product[]> {
  const concepts = new Map<string, Concept>();
  for await (const cells of cellsOf(join(folder, 'RXNCONSO.RRF'), '|')) {
    const [code = '', type = '', name = ''] = [cells[0], cells[12], cells[14]];
    if (cells[11] === 'RXNORM' && cells[16] === 'N' && rank.has(type)) concepts.set(code, { type, name });
  }
  const below = new Map<string, Set<string>>();
  for await (const cells of cellsOf(join(folder, 'RXNREL.RRF'), '|')) {
    const [one = '', other = ''] = [cells[0], cells[4]];
    if (cells[10] === 'RXNORM' && relations.has(cells[7] ?? '')) link(one, other, concepts, below);
  }
  const ingredientsOf = (code: string): ReadonlySet<string> => {
    const reached = new Set([code]);
    for (const each of reached) below.get(each)?.forEach((next) => reached.add(next));
    reached.delete(code);
    return reached;
  };
  for (const { product, ingredient } of checks) {
    if (!ingredientsOf(product).has(ingredient))
      throw new ReleaseError(`the product ${product} does not lead to its ingredient ${ingredient}`);
  }
  const setsOf = new Map<string, string[]>();
  for (const { set, code } of list?.rows ?? []) {
    const type = concepts.get(code)?.type;
    if (type === 'IN' || type === 'PIN') setsOf.set(code, [...(setsOf.get(code) ?? []), set]);
  }
  return [...concepts].flatMap(([code, { type, name }]): readonly Product[] => {
    if (!products.has(type)) return [];
    const sets = new Set([...ingredientsOf(code)].flatMap((each) => setsOf.get(each) ?? []));
    return [...sets].map((set) => ({ system: rxnormSystem, set, code, display: name }));
  });
}

/** The lower of two concepts is what the higher is made of, whichever way round the release states it. */
function link(
  one: string,
  other: string,
  concepts: ReadonlyMap<string, Concept>,
  below: Map<string, Set<string>>,
): void {
  const [left, right] = [one, other].map((code) => rank.get(concepts.get(code)?.type ?? ''));
  if (left === undefined || right === undefined || left === right) return;
  const [upper, lower] = left > right ? [one, other] : [other, one];
  const lowers = below.get(upper);
  if (lowers === undefined) below.set(upper, new Set([lower]));
  else lowers.add(lower);
}
