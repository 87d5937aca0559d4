import type { Fact } from '../chart/chart.js';
import { objects, referenceKey, text } from '../chart/element.js';
import { bodyPlaces, placesOf } from '../chart/lesion-sites.js';
import { lesionNamed, lesionOf, type Lesion } from '../chart/lesions.js';
import { mayCoincide, type Location } from '../chart/sites.js';
import type { Aim } from '../knowledge/types.js';
import type { Case, Subject } from './case.js';
import type { Gap } from './gap.js';
import { memo } from '../memo.js';

/** Whether something lies where the order at hand is meant: certainly, possibly, or elsewhere. */
export type AtOrder = 'yes' | 'possible' | 'no';

/** The places of an order: its body sites, else those of the lesion, or of another problem, that it names as its reason. */
export function orderLocations(item: Fact | undefined, of: Case): readonly Location[] {
  if (item === undefined) return [];
  const own = placesOf(item, of.sites);
  if (own.length > 0) return own;
  const lesions = reasonLesions(item, of);
  return lesions.length > 0
    ? lesions.flatMap(({ locations }) => locations)
    : reasonsOf(item, of).flatMap((problem) => placesOf(problem, of.sites));
}

/** Whether an order names as its reason a metastasis that cannot be read: it need not be for the only one on record. */
export function namesUnread(item: Fact, of: Case): boolean {
  return of.lesionsInWords.length > 0 && reasonsOf(item, of).some((fact) => of.lesionsInWords.includes(fact));
}

/** The problems of the chart that an order names as its reason. */
function reasonsOf(item: Fact, { chart }: Case): readonly Fact[] {
  return objects(item.resource['reasonReference']).flatMap((reference) => {
    const key = referenceKey(reference);
    return (key === undefined ? undefined : chart.byReference(key)) ?? [];
  });
}

/** Whether an order, or what was done, is certainly for these sites and for no other. */
export function liesWithin(fact: Fact, sites: readonly string[], of: Case): boolean {
  const places = orderLocations(fact, of);
  return places.length > 0 && places.every((place) => of.sites.within(place, sites) === true);
}

/** Whether it names a place of these value sets, and no bone: radiotherapy of the brain treats no spine. */
export function liesOff(fact: Fact, valueSets: readonly string[], of: Case): boolean {
  const sets = fact.setsOf('bodySite');
  return valueSets.some((set) => sets.has(set)) && orderLocations(fact, of).length === 0;
}

/** Whether an order, or what was done, says where, be it in words, or for which lesion. */
export function isSited(fact: Fact, of: Case): boolean {
  return hasSite(fact) || orderLocations(fact, of).length > 0 || treated(fact, of).length > 0;
}

/** Prefetch keys of what lesions are made of that could not be had: a lesion on record need not be the only one. */
export function lesionKeys(of: Case): readonly Gap[] {
  return ['Condition', 'BodyStructure'].flatMap((type) => of.missingData(type) ?? []);
}

/** Whether a fact says itself where it is, or which lesion it is about: the only one on record is not asked for. */
export function saysWhere(fact: Fact, of: Case): boolean {
  return fact.focus().length > 0 || isSited(fact, of) || reasonLesions(fact, of).length > 0;
}

/**
 * Keys without which it cannot be said where the order at hand is meant, or which lesion is: it names one that could not be had,
 * or none, and the one on record need not be the only one.
 */
export function placeLost({ item, lesion }: Subject, of: Case): readonly Gap[] {
  const keys = lesionKeys(of);
  if (keys.length === 0) return keys;
  if (lesion?.locations.length === 0) return keys;
  if (item === undefined) return [];
  return orderLocations(item, of).length > 0 || hasSite(item) ? [] : keys;
}

/** The same, or keys without which it cannot be said whether one of these facts, which name no place, is there. */
export function placesLost(facts: readonly Fact[], subject: Subject, of: Case): readonly Gap[] {
  const keys = lesionKeys(of);
  if (keys.length === 0) return keys;
  const restsOnTheOnlyOne = facts.some(
    (fact) => fact.type !== 'Condition' && fact.type !== 'BodyStructure' && !saysWhere(fact, of),
  );
  return restsOnTheOnlyOne ? keys : placeLost(subject, of);
}

/** The lesions that an order names as its reason; looked up once for each order. */
const reasonsAmong = memo((lesions: readonly Lesion[]) =>
  memo(({ resource }: Fact): readonly Lesion[] => {
    const meant = new Set(
      objects(resource['reasonReference']).flatMap((reference) => {
        const key = referenceKey(reference);
        return (key === undefined ? undefined : lesionNamed(key, lesions)) ?? [];
      }),
    );
    return meant.size < 2 ? [...meant] : lesions.filter((lesion) => meant.has(lesion));
  }),
);

const reasonLesions = (item: Fact, { lesions }: Case): readonly Lesion[] => reasonsAmong(lesions)(item);

/**
 * A fact of the chart beside the order at hand. What names no site is about the only lesion, when there is one; a
 * site that is only written as text is not guessed.
 */
export function factAtOrder(fact: Fact, item: Fact | undefined, of: Case): AtOrder {
  if (item === undefined) return 'possible';
  const [only, ...others] = of.lesions;
  const named = orderLocations(item, of);
  const isSaid = named.length > 0 || hasSite(item) || others.length > 0 || namesUnread(item, of);
  const there = isSaid ? named : (only?.locations ?? []);
  const own = placesOf(fact, of.sites);
  const about =
    own.length > 0 ? own : (lesionOf(fact, of.lesions, of.lesions, of.sites)?.locations ?? treated(fact, of));
  if (there.length === 0 && about.length === 0 && others.length === 0 && only !== undefined)
    return hasSite(item) || hasSite(fact) || namesUnread(item, of) || lesionKeys(of).length > 0
      ? 'possible'
      : 'yes';
  if (there.length === 0 || about.length === 0) return 'possible';
  if (!meet(there, about)) return 'no';
  return lesionKeys(of).length === 0 || (named.length > 0 && saysWhere(fact, of)) ? 'yes' : 'possible';
}

/**
 * A fact of the chart beside the lesion at hand: what is for another lesion is not, what names no place may be for
 * any and counts.
 */
export function factAtLesion(fact: Fact, lesion: Lesion | undefined, of: Case): AtOrder {
  if (lesion === undefined) return 'possible';
  const named = reasonLesions(fact, of);
  if (named.length > 0) return named.includes(lesion) ? 'yes' : 'no';
  const own = placesOf(fact, of.sites);
  const about = own.length > 0 ? own : treated(fact, of);
  // It names a problem that could not be had, and which may be another lesion.
  if (objects(fact.resource['reasonReference']).length > 0 && lesionKeys(of).length > 0) return 'possible';
  if (about.length === 0 || lesion.locations.length === 0) return 'yes';
  return meet(about, lesion.locations) ? 'yes' : 'no';
}

/**
 * Whether the order at hand may be for this lesion. An order that names no place may be for any; one for a place
 * outside the skeleton is for none.
 */
export function lesionAtOrder(lesion: Lesion, item: Fact | undefined, of: Case): AtOrder {
  if (item === undefined) return 'possible';
  const named = reasonLesions(item, of);
  if (named.length > 0) return named.includes(lesion) ? 'yes' : 'no';
  const there = orderLocations(item, of);
  if (there.length > 0) {
    if (lesion.locations.length === 0) return 'possible';
    return meet(there, lesion.locations) ? 'yes' : 'no';
  }
  if (item.coded('bodySite').codings.length > 0) return 'no';
  return hasSite(item) || namesUnread(item, of) || lesionKeys(of).length > 0 ? 'possible' : 'yes';
}

/**
 * Whether a treatment is aimed at the lesion, or at a problem of the aim. One that names a place elsewhere, or another reason, is
 * not; nor is one of which nothing says what it is for.
 */
export function isAimed(fact: Fact, aim: Aim, lesion: Lesion | undefined, of: Case): AtOrder {
  const targets = lesion === undefined ? problemsOf(aim, of) : lesion.locations;
  const own = placesOf(fact, of.sites);
  const places = own.length > 0 ? own : treated(fact, of);
  if (places.length > 0) {
    if (targets.length > 0) return besideAny(places, targets, of) ? 'yes' : 'no';
    const inside = places.map((place) => of.sites.within(place, aim.within ?? []));
    return inside.includes(true) ? 'yes' : inside.includes(undefined) ? 'possible' : 'no';
  }
  // A place in words, or in a code that nobody here knows, may be the one; one that is known to be no bone is not.
  if (hasSite(fact)) return fact.setsOf('bodySite').size > 0 ? 'no' : 'possible';
  const named = reasonLesions(fact, of);
  if (named.length > 0) {
    if (lesion !== undefined) return named.includes(lesion) ? 'yes' : 'no';
    const there = named.flatMap(({ locations }) => locations);
    return targets.length === 0 || there.length === 0 || besideAny(there, targets, of) ? 'yes' : 'no';
  }
  const reasons = [fact.setsOf('reason'), ...reasonsOf(fact, of).map(({ sets }) => sets)];
  if (reasons.some((sets) => aim.reasons.some((set) => sets.has(set)))) return 'yes';
  // Its words may name the place; what gives a reason of another kind is not.
  return fact.sets.size === 0 && !givesReason(fact) ? 'possible' : 'no';
}

const givesReason = ({ resource }: Fact): boolean =>
  objects(resource['reasonCode']).length > 0 || objects(resource['reasonReference']).length > 0;

/** Where the problems of an aim lie. */
function problemsOf({ at = [] }: Aim, of: Case): readonly Location[] {
  return at.flatMap((set) => of.chart.inSet('Condition', set)).flatMap((fact) => placesOf(fact, of.sites));
}

const besideAny = (a: readonly Location[], b: readonly Location[], of: Case): boolean =>
  a.some((one) => b.some((other) => mayCoincide(one, other) || of.sites.areBeside(one, other)));

const meet = (a: readonly Location[], b: readonly Location[]): boolean =>
  a.some((one) => b.some((other) => mayCoincide(one, other)));

/** Something is written about the site, be it only a text. */
export function hasSite({ resource }: Fact): boolean {
  return objects(resource['bodySite']).some(
    (site) => text(site['text']) !== undefined || objects(site['coding']).length > 0,
  );
}

/** mCODE: the volumes that a radiotherapy course was given to. */
function treated({ resource }: Fact, of: Case): readonly Location[] {
  const keys = objects(resource['extension'])
    .flatMap((extension) => objects(extension['extension']))
    .flatMap((part) => referenceKey(part['valueReference']) ?? []);
  return keys.flatMap((key) => {
    const volume = of.chart.byReference(key);
    return volume === undefined ? [] : bodyPlaces(volume, of.sites);
  });
}
