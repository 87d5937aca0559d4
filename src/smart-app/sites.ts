import type { BodySite, Side } from '../knowledge/types.js';
import { recordsIn } from './element.js';
import { isObject } from '../json.js';

/** Where a lesion is: the sites that its codes name, and those of which they name one without saying which. */
export interface Places {
  readonly exact: readonly string[];
  readonly possible: readonly string[];
  /** Of the body, where it is said and only one is named. */
  readonly side?: Side;
}

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** The codings of body sites, and those of their extensions: mCODE writes the side of the body there. */
function codingsIn(concept: unknown): readonly { readonly system: string; readonly code: string }[] {
  const concepts = listed(concept).filter(isObject);
  const qualifiers = concepts
    .flatMap(({ extension }) => recordsIn(extension))
    .map(({ valueCodeableConcept }) => valueCodeableConcept)
    .filter(isObject);
  return [...concepts, ...qualifiers]
    .flatMap(({ coding }) => recordsIn(coding))
    .flatMap(({ system, code }) =>
      typeof system === 'string' && typeof code === 'string' ? [{ system, code }] : [],
    );
}

function placesOf(named: readonly BodySite[]): Places {
  const found = named.filter(({ side }) => side === undefined);
  const [side, ...others] = new Set(named.flatMap((site) => site.side ?? []));
  const exact = found.filter(({ oneOf }) => oneOf === undefined).map(({ id }) => id);
  const possible = found.flatMap(({ oneOf }) => {
    // «Proximal femur» beside «trochanteric region» says nothing more.
    return oneOf === undefined || oneOf.some((id) => exact.includes(id)) ? [] : oneOf;
  });
  return {
    exact: [...new Set(exact)],
    possible: [...new Set(possible)],
    ...(side !== undefined && others.length === 0 && { side }),
  };
}

/** The places that a Condition, BodyStructure or Observation names by code. */
export function placesIn(resource: unknown, sites: readonly BodySite[]): Places {
  if (!isObject(resource)) return { exact: [], possible: [] };
  const { bodySite, location, locationQualifier, code, resourceType } = resource;
  const named = resourceType === 'Condition' ? [bodySite, code] : [bodySite, location, locationQualifier];
  const codings = named.flatMap(codingsIn);
  return placesOf(
    sites.filter((site) =>
      site.codes.some((known) =>
        codings.some(({ system, code: value }) => system === known.system && value === known.code),
      ),
    ),
  );
}

/** The places that the server's label of a lesion names: `T10–T11`, or a site's display in any language. */
export function placesOfLabel(label: string, sites: readonly BodySite[]): Places {
  const named = (name: string): BodySite | undefined =>
    sites.find(({ id, display }) => [id, ...Object.values(display)].includes(name.trim()));
  const whole = named(label);
  if (whole !== undefined) return placesOf([whole]);
  const ids = sites.map(({ id }) => id);
  const found = label.split(',').flatMap((part) => {
    const ends = part.split('–').map(named);
    const [first, last] = ends;
    if (ends.length !== 2 || first === undefined || last === undefined) return named(part) ?? [];
    return sites.slice(ids.indexOf(first.id), ids.indexOf(last.id) + 1);
  });
  return placesOf(found);
}
