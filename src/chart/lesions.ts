import type { Chart, Fact } from './chart.js';
import { objects, referenceKey } from './element.js';
import { bodyPlaces, isLesion, liesElsewhere, namedSites, placesOf, siteCodings } from './lesion-sites.js';
import { push } from './grouped.js';
import { byContent, contentOf, newestOnTop } from './newest.js';
import { isNarrower, mayCoincide, type Location, type SiteIndex } from './sites.js';
import type { LesionSets } from './lesion-sites.js';
import { drugTypes } from '../resource-table.js';
import { memo } from '../memo.js';

/*
 * The lesion model: this file, lesion-sites.ts and sites.ts. It is what the engine itself knows of the disease that the guideline is
 * about: lesions of bones, of which the vertebrae are counted. All else of the guideline is data; another guideline is laid beside this
 * one by its own cds-services/, and needs code only where its lesions are assembled in another way.
 */

/** One metastasis of the skeleton, assembled from everything in the chart that speaks of it. */
export interface Lesion {
  /** `BodyStructure/…` when there is exactly one, else the Condition (or what an Observation focuses on). */
  readonly reference: string;
  readonly locations: readonly Location[];
  /** Conditions and BodyStructures that describe it. */
  readonly facts: readonly Fact[];
  /** Every reference that means this lesion. */
  readonly references: ReadonlySet<string>;
}

interface Growing {
  locations: Location[];
  conditions: Fact[];
  structures: Fact[];
  references: Set<string>;
}

/**
 * Assembles lesions: one Condition with repeated bodySite is one lesion over several
 * levels; a BodyStructure belongs to the Condition that names its level, else it is a lesion of its own; a
 * Condition that only says «vertebral column» or «bone» joins a lesion that is located more exactly.
 */
export function assembleLesions(chart: Chart, sites: SiteIndex, sets: LesionSets): readonly Lesion[] {
  const conditions = chart
    .ofType('Condition')
    .filter((fact) => fact.state === 'current' && isLesion(fact, sites, sets))
    .map((fact) => ({ fact, locations: sites.locate([...siteCodings(fact), ...namedSites(fact, chart)]) }));
  const structures = chart
    .ofType('BodyStructure')
    .map((fact) => ({ fact, locations: placesOf(fact, sites) }))
    .filter(({ locations }) => locations.length > 0);

  const lesions: Growing[] = [];
  const located = conditions
    .filter(({ locations }) => locations.length > 0)
    .sort((a, b) => breadth(a.locations) - breadth(b.locations) || byContent(a.fact, b.fact));
  // Many Conditions of one place, as of as many visits, are looked for among the lesions once.
  let saying = new Map<string, readonly Growing[]>();
  const registered = chart.inSet('Observation', sets.lesionSite).filter((fact) => namesBone(fact, sets));
  const isMetastatic = conditions.length > 0 || registered.length > 0;
  for (const { fact, locations } of located) {
    const where = locations.map(({ possible }) => possible.join()).join(';');
    let same = saying.get(where);
    if (same === undefined)
      saying.set(where, (same = lesions.filter((lesion) => saysTheSame(lesion.locations, locations))));
    const [known, ...others] = same;
    if (known === undefined) {
      lesions.push(grow([...locations], [fact], []));
      saying = new Map();
    }
    // «Femur» beside a lesion of the left and one of the right femur is known to mean neither.
    else if (others.length === 0) join(known, fact, known.conditions);
  }

  const focused = focusedReferences(chart, sets);
  for (const { fact, locations } of structures.sort((a, b) => byContent(a.fact, b.fact))) {
    const [owner, ...others] = lesions.filter((lesion) => describes(lesion, fact, locations));
    // Two structures at one place are two lesions of one bone; one for each level of a Condition are one.
    const isTaken = owner?.structures.some((other) =>
      placesOf(other, sites).some((place) => locations.some((own) => mayCoincide(own, place))),
    );
    if (isTaken === true) {
      lesions.push(grow([...locations], [], [fact]));
    } else if (owner !== undefined && others.length === 0) {
      join(owner, fact, owner.structures);
      owner.locations = owner.locations.map((own) => refined(own, locations));
    } else if (focused.has(fact.reference) || (owner === undefined && isMetastatic)) {
      // One that may be several of them is none of them; what is said of it stays its own.
      lesions.push(grow([...locations], [], [fact]));
    }
  }

  const unlocated = conditions.filter(({ locations }) => locations.length === 0).map(({ fact }) => fact);
  for (const fact of [...unlocated, ...newestOnTop(registered)]) {
    const [first] = lesions;
    // «Bone metastasis» without a site says nothing more than the lesions that have one.
    if (first === undefined) lesions.push(grow([], [fact], []));
    else if (lesions.length === 1) join(first, fact, first.conditions);
  }

  for (const { reference, locations } of observedElsewhere(chart, sites, sets, lesions, isMetastatic)) {
    const lesion = grow([...locations], [], []);
    lesion.references.add(reference);
    lesions.push(lesion);
  }
  const [scored] = lesions.length === 0 ? scoredSomewhere(chart, sets) : [];
  if (scored !== undefined) {
    const lesion = grow([], [], []);
    lesion.references.add(scored.reference);
    lesions.push(lesion);
  }
  return lesions
    .map((lesion) => ({ lesion, rank: Math.min(...lesion.locations.map((place) => sites.rank(place))) }))
    .sort((a, b) => (a.rank === b.rank ? bySaying(a.lesion, b.lesion) : a.rank - b.rank))
    .map(({ lesion }) => finish(lesion));
}

/** A registry writes the organ as body site or as value; «bone» says that there is a metastasis there, and not in which one. */
function namesBone(fact: Fact, { lesionSiteHere }: LesionSets): boolean {
  return fact.setsOf('bodySite').has(lesionSiteHere) || fact.setsOf('value').has(lesionSiteHere);
}

/** Of lesions at one place, an order by what is said of them, whatever their ids. */
function bySaying(a: Growing, b: Growing): number {
  const contents = ({ conditions, structures }: Growing): string =>
    [...conditions, ...structures].map(contentOf).sort().join('\n');
  const [one, other] = [contents(a), contents(b)];
  return one === other ? 0 : one > other ? -1 : 1;
}

const breadth = (locations: readonly Location[]): number =>
  locations.reduce((sum, { possible }) => sum + possible.length, 0);

function saysTheSame(known: readonly Location[], other: readonly Location[]): boolean {
  const covered = (a: readonly Location[], b: readonly Location[]): boolean =>
    a.every((location) => b.some((candidate) => isNarrower(candidate, location)));
  return covered(other, known) && (known.length === other.length || breadth(other) > breadth(known));
}

function describes(lesion: Growing, structure: Fact, locations: readonly Location[]): boolean {
  if (relatedReferences(structure).some((reference) => lesion.references.has(reference))) {
    return (
      lesion.structures.length === 0 ||
      locations.every((location) => lesion.locations.some((own) => isNarrower(location, own)))
    );
  }
  return locations.every((location) => lesion.locations.some((own) => mayCoincide(own, location)));
}

/** A BodyStructure may say more exactly where a place is that the Condition only names the region of. */
function refined(own: Location, by: readonly Location[]): Location {
  const [exact, ...others] = by.filter((location) => isNarrower(location, own));
  return exact !== undefined && others.length === 0 ? exact : own;
}

/** mCODE ties a Tumor to its Condition by an extension with a reference. */
function relatedReferences(structure: Fact): readonly string[] {
  return objects(structure.resource['extension']).flatMap((extension) => {
    const key = referenceKey(extension['valueReference']);
    return key?.startsWith('Condition/') === true ? [key] : [];
  });
}

function grow(locations: Location[], conditions: Fact[], structures: Fact[]): Growing {
  const references = new Set([...conditions, ...structures].map(({ reference }) => reference));
  return { locations, conditions, structures, references };
}

function join(lesion: Growing, fact: Fact, facts: Fact[]): void {
  facts.push(fact);
  lesion.references.add(fact.reference);
}

function finish({ locations, conditions, structures, references }: Growing): Lesion {
  const [structure, ...more] = structures;
  const [condition] = conditions;
  const [only = ''] = references;
  const main =
    structure !== undefined && (more.length === 0 || condition === undefined) ? structure : condition;
  return {
    reference: main?.reference ?? only,
    locations,
    facts: [...structures, ...conditions],
    references,
  };
}

/** Observations that speak of a lesion, newest first; gathered once for a chart. */
const observationsBy = memo((sets: LesionSets) =>
  memo((chart: Chart): readonly Fact[] => {
    const found = new Set(sets.observations.flatMap((set) => chart.inSet('Observation', set)));
    return newestOnTop([...found]);
  }),
);

const lesionObservations = (chart: Chart, sets: LesionSets): readonly Fact[] => observationsBy(sets)(chart);

const byReference = memo(
  (lesions: readonly Lesion[]): ReadonlyMap<string, Lesion> =>
    new Map(lesions.flatMap((lesion) => [...lesion.references].map((own) => [own, lesion]))),
);

/** The lesion that a reference means. */
export const lesionNamed = (reference: string, lesions: readonly Lesion[]): Lesion | undefined =>
  byReference(lesions).get(reference);

function focusedReferences(chart: Chart, sets: LesionSets): ReadonlySet<string> {
  return new Set(lesionObservations(chart, sets).flatMap((fact) => fact.focus()));
}

interface Elsewhere {
  readonly reference: string;
  readonly locations: readonly Location[];
}

/** Lesions of which only Observations speak: by a focus that is not in the chart, or by a body site of their own. */
function observedElsewhere(
  chart: Chart,
  sites: SiteIndex,
  sets: LesionSets,
  lesions: readonly Growing[],
  metastatic: boolean,
): readonly Elsewhere[] {
  const found: Elsewhere[] = [];
  for (const fact of lesionObservations(chart, sets)) {
    const focus = fact.focus().filter((reference) => /^(?:BodyStructure|Condition)\//.test(reference));
    const locations = bodyPlaces(fact, sites);
    const [reference = locations.length > 0 ? fact.reference : undefined] = focus;
    if (reference === undefined || (focus.length === 0 && !metastatic && lesions.length > 0)) continue;
    // The size of a tumour of the breast makes no bone lesion.
    const isScore = sets.scores.some((set) => fact.sets.has(set));
    if (!metastatic && !isScore && liesElsewhere(chart.byReference(reference), sites)) continue;
    // A focus that was set aside (refuted, entered in error) must not come back as a lesion.
    const known =
      lesions.some(
        (lesion) =>
          focus.some((key) => lesion.references.has(key)) ||
          (focus.length === 0 &&
            locations.every((place) => lesion.locations.some((own) => mayCoincide(own, place)))),
      ) ||
      found.some(
        (other) =>
          other.reference === reference ||
          (locations.length > 0 &&
            locations.every((place) => other.locations.some((own) => mayCoincide(own, place)))),
      );
    if (!known && !chart.isSetAside(reference) && chart.byReference(reference)?.type !== 'Condition')
      found.push({ reference, locations });
  }
  return found;
}

/** In a chart without any lesion, who scores one means that there is one, even without saying where it is. */
function scoredSomewhere(chart: Chart, sets: LesionSets): readonly Fact[] {
  return lesionObservations(chart, sets).filter(
    (fact) => fact.focus().length === 0 && sets.scores.some((set) => fact.sets.has(set)),
  );
}

/**
 * The lesion that an Observation speaks of: by `focus`, else by `bodySite`, else the only eligible one, else none:
 * with several it is nobody's, and a score says that it could not be assigned.
 * @param eligible the lesions of the kind in question (spine for SINS, long bones for Mirels)
 */
export function lesionOf(
  fact: Fact,
  lesions: readonly Lesion[],
  eligible: readonly Lesion[],
  sites: SiteIndex,
): Lesion | undefined {
  const focus = fact.focus();
  if (focus.length > 0) {
    return focus.map((reference) => lesionNamed(reference, lesions)).find((lesion) => lesion !== undefined);
  }
  const describes = fact.type === 'Condition' || fact.type === 'BodyStructure';
  const described = describes ? lesionNamed(fact.reference, lesions) : undefined;
  if (described !== undefined) return described;
  const locations = bodyPlaces(fact, sites);
  if (locations.length > 0) return onlyOneAt(locations, eligible);
  // Another problem (a fracture) without a site is not taken to be at the only lesion.
  if (describes) return undefined;
  const [lesion] = eligible;
  return eligible.length === 1 ? lesion : undefined;
}

/**
 * The lesion that an order (or another item) is for: by `reasonReference`, else by its body site, else the only
 * one. A drug is for the patient, never for a lesion.
 */
export function lesionOfOrder(fact: Fact, lesions: readonly Lesion[], sites: SiteIndex): Lesion | undefined {
  if (drugTypes.includes(fact.type)) return undefined;
  const reasons = objects(fact.resource['reasonReference']).flatMap((reason) => referenceKey(reason) ?? []);
  const meant = lesions.filter((lesion) => reasons.some((reason) => lesion.references.has(reason)));
  if (meant.length > 0) return meant.length === 1 ? meant[0] : undefined;
  const places = placesOf(fact, sites);
  if (places.length > 0) return onlyOneAt(places, lesions);
  return lesions.length === 1 ? lesions[0] : undefined;
}

const bySite = memo((lesions: readonly Lesion[]): ReadonlyMap<string, readonly Lesion[]> => {
  const index = new Map<string, Lesion[]>();
  for (const lesion of lesions) {
    for (const { possible } of lesion.locations) for (const site of possible) push(index, site, lesion);
  }
  return index;
});

/** The lesion that may lie at one of the places; undefined where none may, or more than one. */
function onlyOneAt(places: readonly Location[], lesions: readonly Lesion[]): Lesion | undefined {
  const indexed = bySite(lesions);
  let only: Lesion | undefined;
  for (const { possible } of places) {
    for (const site of possible) {
      for (const lesion of indexed.get(site) ?? []) {
        if (only !== undefined && lesion !== only) return undefined;
        only = lesion;
      }
    }
  }
  return only;
}
