/** A code list as `sorting.yaml` announces it. */
export interface ListHead {
  readonly file: string;
  readonly system: string;
  readonly title: string;
  readonly release: string;
}

/** Where a row goes that does not go where its collector put it. */
export interface SortEntry {
  readonly set: string;
  readonly system?: string;
  readonly fit?: readonly string[];
  /** Regular expression over name and strength, in lower case. */
  readonly label?: string;
  readonly to?: string;
  readonly leave?: string;
}

/** What `sorting.yaml` holds. */
export interface Sorting {
  readonly lists: readonly ListHead[];
  readonly sort: readonly SortEntry[];
  readonly forms: readonly { readonly label: string; readonly leave: string }[];
  readonly checks: readonly { readonly product: string; readonly ingredient: string }[];
}

/** A row as it stands before it is sorted. */
export interface Unsorted {
  readonly set: string;
  readonly system: string;
  /** Name and strength. */
  readonly label: string;
  /** How the collector found it to fit; undefined: it fits. */
  readonly fit?: string | undefined;
}

/** The value set that a row goes to, or why it is left out. */
export type Sorted = { readonly to: string } | { readonly leave: string };

const shipped: ReadonlySet<string | undefined> = new Set([undefined, 'exact', 'combination']);

/** Sorts one row: the first entry that fits decides; without one only what fits exactly is kept. */
export function sortRow({ set, system, label, fit }: Unsorted, { sort }: Sorting): Sorted {
  const text = label.toLowerCase();
  const entry = sort.find(
    (each) =>
      each.set === set &&
      (each.system === undefined || each.system === system) &&
      (each.fit === undefined || (fit !== undefined && each.fit.includes(fit))) &&
      (each.label === undefined || new RegExp(each.label).test(text)),
  );
  if (entry?.leave !== undefined) return { leave: entry.leave };
  if (entry?.to !== undefined) return { to: entry.to };
  return shipped.has(fit) ? { to: set } : { leave: `fit: ${fit ?? ''}` };
}
