import type { Written } from './tagged.js';

/** Pages that were made, the last asked for, in at most so many bytes (compressed copies not counted). */
export interface KeptPages {
  /** The page of this name; made when it is not kept. */
  get(name: string, make: () => Written): Written;
}

/** Keeps pages that are the same for everybody, so that each is made once; the one unasked for longest goes first. */
export function keptPages(mostBytes: number): KeptPages {
  const kept = new Map<string, Written>();
  let bytes = 0;
  return {
    get: (name, make) => {
      const known = kept.get(name);
      const page = known ?? make();
      if (known === undefined) bytes += page.body.length;
      kept.delete(name);
      kept.set(name, page);
      for (const [oldest, { body }] of kept) {
        if (bytes <= mostBytes || oldest === name) break;
        kept.delete(oldest);
        bytes -= body.length;
      }
      return page;
    },
  };
}
