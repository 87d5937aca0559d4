import type { BodySite, Language, Side } from '../knowledge/types.js';
import type { CodingValue } from './element.js';
import { textIn } from '../text.js';
import { memo } from '../memo.js';

// Part of the lesion model, which lesions.ts explains.

/** Where something is: one or more places, each known exactly or only to be one of several sites. */
export interface Location {
  /** Sites that the place can be, a paired one as `femur-shaft@left`; one element when it is exact. */
  readonly possible: readonly string[];
}

/** `body-sites.yaml`, looked up by coding. */
export interface SiteIndex {
  locate(codings: readonly CodingValue[]): readonly Location[];
  /** Kleene answer to «is the location in one of these sites or regions?» */
  within(location: Location, sitesOrRegions: readonly string[]): boolean | undefined;
  /** Whether one of the places may be the vertebra above or below the other. */
  areBeside(a: Location, b: Location): boolean;
  /** Where a place stands on the body, head first: for sorting. */
  rank(location: Location): number;
  /** `T10–T11`, `T12`, or the display of the sites. */
  name(locations: readonly Location[], language: Language): string;
}

/** Two places may be the same one: neither excludes the other. */
export function mayCoincide(a: Location, b: Location): boolean {
  return a.possible.some((site) => b.possible.includes(site));
}

/** Every possibility of `inner` is one of `outer`: the first says the same more exactly. */
export function isNarrower(inner: Location, outer: Location): boolean {
  return inner.possible.every((site) => outer.possible.includes(site));
}

/**
 * Makes the index; the order of the sites is that of the body, which tells neighbours and sorts places.
 * @param sameUri the URI under which the sites hold a code system that a chart names otherwise
 */
export function indexSites(
  sites: readonly BodySite[],
  sameUri: (uri: string) => string = (uri) => uri,
): SiteIndex {
  const order = new Map(sites.map((site, index) => [site.id, index]));
  const byId = new Map(sites.map((site) => [site.id, site]));
  const byCode = new Map<string, BodySite>();
  for (const site of sites) {
    for (const { system, code } of site.codes) byCode.set(`${system}|${code}`, site);
  }
  const place = (id: string): number => order.get(siteOf(id)) ?? Number.MAX_SAFE_INTEGER;

  /** An exact site, or the exact sites that a region-level code leaves open. */
  const expand = (id: string, seen: ReadonlySet<string> = new Set()): readonly string[] => {
    const choices = byId.get(id)?.oneOf;
    if (choices === undefined || seen.has(id)) return [id];
    return choices.flatMap((choice) => expand(choice, new Set([...seen, id])));
  };
  const expansions = new Map(sites.map(({ id }) => [id, [...new Set(expand(id))]]));
  const onEitherSide = (id: string): readonly string[] =>
    byId.get(id)?.paired === true ? sides.map((side) => `${id}@${side}`) : [id];
  const onBothSides = new Map([...expansions].map(([id, all]) => [id, all.flatMap(onEitherSide)]));

  const locate = (codings: readonly CodingValue[]): readonly Location[] => {
    const named = codings.flatMap(({ system, code }) => byCode.get(`${sameUri(system ?? '')}|${code}`) ?? []);
    const [side, ...others] = new Set(named.flatMap(({ side: told }) => told ?? []));
    const found = new Map<string, Location>();
    for (const site of named) {
      if (site.side !== undefined) continue;
      const possible = onBothSides.get(site.id) ?? [site.id];
      // «Left» and «right» beside several bones do not say which is where.
      const isTold = side !== undefined && others.length === 0;
      found.set(site.id, {
        possible: isTold ? possible.filter((id) => (sideOf(id) ?? side) === side) : possible,
      });
    }
    return narrowest([...found.values()]).sort(
      (a, b) => place(a.possible[0] ?? '') - place(b.possible[0] ?? ''),
    );
  };

  const groups = new Map(sites.flatMap(({ id, regions }) => (regions === undefined ? [] : [[id, regions]])));
  /** Sites and regions, with the regions that a word for several stands for. */
  const expandedNames = memo(
    (names: readonly string[]): ReadonlySet<string> =>
      new Set(names.flatMap((name) => groups.get(name) ?? [name])),
  );

  const holds = (possible: string, names: readonly string[]): boolean => {
    const id = siteOf(possible);
    const region = byId.get(id)?.region;
    const wanted = expandedNames(names);
    return wanted.has(id) || (region !== undefined && wanted.has(region));
  };

  const within = ({ possible }: Location, names: readonly string[]): boolean | undefined => {
    const inside = possible.filter((id) => holds(id, names)).length;
    if (inside === 0) return false;
    return inside === possible.length ? true : undefined;
  };

  const label = ({ possible }: Location, language: Language): string => {
    const ids = [...new Set(possible.map(siteOf))];
    const [side, ...others] = new Set(possible.flatMap((id) => sideOf(id) ?? []));
    const where = side === undefined || others.length > 0 ? undefined : displayOfSide(side, language);
    return where === undefined ? nameOf(ids, language) : `${nameOf(ids, language)}, ${where}`;
  };

  const nameOf = (ids: readonly string[], language: Language): string => {
    const [only] = ids;
    if (ids.length === 1 && only !== undefined) return textIn(byId.get(only)?.display, language) ?? only;
    const parent = sites.find(
      ({ id, oneOf }) => oneOf !== undefined && sameMembers(expansions.get(id) ?? [], ids),
    );
    return (
      textIn(parent?.display, language) ??
      ids.map((id) => textIn(byId.get(id)?.display, language) ?? id).join(' / ')
    );
  };

  const displayOfSide = (side: string, language: Language): string | undefined =>
    textIn(sites.find((site) => site.side === side)?.display, language);

  const name = (locations: readonly Location[], language: Language): string => {
    const parts: string[] = [];
    for (let index = 0; index < locations.length; index++) {
      const first = locations[index];
      if (first === undefined) continue;
      let last = index;
      while (followsOn(locations[last], locations[last + 1])) last++;
      const end = locations[last];
      parts.push(
        last > index && end !== undefined
          ? `${label(first, language)}–${label(end, language)}`
          : label(first, language),
      );
      index = last;
    }
    return parts.join(', ');
  };

  const followsOn = (a: Location | undefined, b: Location | undefined): boolean => {
    if (a?.possible.length !== 1 || b?.possible.length !== 1) return false;
    const [left = ''] = a.possible;
    const [right = ''] = b.possible;
    return isVertebra(left) && isVertebra(right) && place(right) === place(left) + 1;
  };

  const isVertebra = (id: string): boolean => /^[CTLS]\d{1,2}$/.test(id);

  const areBeside = (a: Location, b: Location): boolean =>
    a.possible.some(
      (one) =>
        isVertebra(one) &&
        b.possible.some((other) => isVertebra(other) && Math.abs(place(one) - place(other)) === 1),
    );

  const rank = ({ possible }: Location): number => Math.min(...possible.map(place));

  return { locate, within, areBeside, rank, name };
}

const sides: readonly Side[] = ['left', 'right'];

/** `femur-shaft` of `femur-shaft@left`. */
function siteOf(possible: string): string {
  return possible.split('@', 1)[0] ?? possible;
}

function sideOf(possible: string): string | undefined {
  return possible.split('@')[1];
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((member) => b.includes(member));
}

/** Drops a place that another one states more exactly (vertebral column beside T10). */
function narrowest(locations: readonly Location[]): Location[] {
  return locations.filter(
    (location, index) =>
      !locations.some(
        (other, otherIndex) =>
          otherIndex !== index &&
          isNarrower(other, location) &&
          (other.possible.length < location.possible.length || otherIndex < index),
      ),
  );
}
