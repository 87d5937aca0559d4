import type { BodySite, Language } from '../knowledge/types.js';
import type { CodingValue } from './element.js';

/** Where something is: one or more places, each known exactly or only to be one of several sites. */
export interface Location {
  /** Site ids that the place can be; one element when it is exact. */
  readonly possible: readonly string[];
}

/** `body-sites.yaml`, looked up by coding. */
export interface SiteIndex {
  locate(codings: readonly CodingValue[]): readonly Location[];
  /** Kleene answer to «is the location in one of these sites or regions?» */
  within(location: Location, sitesOrRegions: readonly string[]): boolean | undefined;
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

export function indexSites(sites: readonly BodySite[]): SiteIndex {
  const order = new Map(sites.map((site, index) => [site.id, index]));
  const byId = new Map(sites.map((site) => [site.id, site]));
  const byCode = new Map<string, BodySite>();
  for (const site of sites) {
    for (const { system, code } of site.codes) byCode.set(`${system}|${code}`, site);
  }
  const place = (id: string): number => order.get(id) ?? Number.MAX_SAFE_INTEGER;

  /** An exact site, or the exact sites that a region-level code leaves open. */
  const expand = (id: string, seen: ReadonlySet<string> = new Set()): readonly string[] => {
    const choices = byId.get(id)?.oneOf;
    if (choices === undefined || seen.has(id)) return [id];
    return choices.flatMap((choice) => expand(choice, new Set([...seen, id])));
  };
  const expansions = new Map(sites.map(({ id }) => [id, [...new Set(expand(id))]]));

  const locate = (codings: readonly CodingValue[]): readonly Location[] => {
    const found = new Map<string, Location>();
    for (const { system, code } of codings) {
      const site = byCode.get(`${system ?? ''}|${code}`);
      if (site !== undefined) found.set(site.id, { possible: expansions.get(site.id) ?? [site.id] });
    }
    return narrowest([...found.values()]).sort(
      (a, b) => place(a.possible[0] ?? '') - place(b.possible[0] ?? ''),
    );
  };

  const holds = (id: string, names: readonly string[]): boolean => {
    const region = byId.get(id)?.region;
    return names.includes(id) || (region !== undefined && names.includes(region));
  };

  const within = ({ possible }: Location, names: readonly string[]): boolean | undefined => {
    const inside = possible.filter((id) => holds(id, names)).length;
    if (inside === 0) return false;
    return inside === possible.length ? true : undefined;
  };

  const label = ({ possible }: Location, language: Language): string => {
    const [only] = possible;
    if (possible.length === 1 && only !== undefined) return byId.get(only)?.display[language] ?? only;
    const parent = sites.find(
      ({ id, oneOf }) => oneOf !== undefined && sameMembers(expansions.get(id) ?? [], possible),
    );
    return (
      parent?.display[language] ?? possible.map((id) => byId.get(id)?.display[language] ?? id).join(' / ')
    );
  };

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

  return { locate, within, name };
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
