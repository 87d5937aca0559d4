import type { Chart, Fact } from './chart.js';
import { objects, referenceKey } from './element.js';
import type { Location, SiteIndex } from './sites.js';
import { memo } from '../memo.js';

// Part of the lesion model, which lesions.ts explains.

/** Value sets by which lesions are recognised; the guideline names them (`guideline.yaml`), not this file. */
export interface LesionSets {
  /** Codes of lesions. */
  readonly lesion: string;
  /** Generic metastasis codes: a bone metastasis only with a bony body site. */
  readonly lesionWhenSited: string;
  /** Observations of registries that say where metastases are, and «in the bone» among their answers. */
  readonly lesionSite: string;
  readonly lesionSiteHere: string;
  /** Observations that speak of one lesion. */
  readonly observations: readonly string[];
  /** Those of them that are scores of a lesion, or answers to their items. */
  readonly scores: readonly string[];
}

/** Whether a Condition is a lesion: a bone metastasis by its code, or a metastasis with a bony body site. */
export function isLesion(
  fact: Fact,
  sites: SiteIndex,
  sets: Pick<LesionSets, 'lesion' | 'lesionWhenSited'>,
): boolean {
  if (fact.sets.has(sets.lesion)) return true;
  return fact.sets.has(sets.lesionWhenSited) && bodyPlaces(fact, sites).length > 0;
}

/** The body sites, and the code itself where it names one (metastasis to femur). */
export function siteCodings(fact: Fact): ReturnType<Fact['coded']>['codings'] {
  return fact.type === 'BodyStructure'
    ? fact.coded('bodySite').codings
    : [...fact.coded('bodySite').codings, ...fact.coded('code').codings];
}

/** Where its body sites lie; looked up once for each fact. */
export const bodyPlaces = located((fact) => fact.coded('bodySite').codings);

/** Where it lies by its body sites and by the code itself; looked up once for each fact. */
export const placesOf = located(siteCodings);

function located(
  codingsOf: (fact: Fact) => ReturnType<Fact['coded']>['codings'],
): (fact: Fact, sites: SiteIndex) => readonly Location[] {
  const placesBy = memo((sites: SiteIndex) =>
    memo((fact: Fact): readonly Location[] => sites.locate(codingsOf(fact))),
  );
  return (fact, sites) => placesBy(sites)(fact);
}

const bodySiteExtension = 'http://hl7.org/fhir/StructureDefinition/bodySite';

/** The sites of the BodyStructures that a Condition names by the standard extension, on itself or its body site. */
export function namedSites(condition: Fact, chart: Chart): ReturnType<Fact['coded']>['codings'] {
  return [condition.resource, ...objects(condition.resource['bodySite'])]
    .flatMap((holder) => objects(holder['extension']))
    .filter(({ url }) => url === bodySiteExtension)
    .flatMap((extension) => {
      const key = referenceKey(extension['valueReference']);
      const structure = key === undefined ? undefined : chart.byReference(key);
      return structure?.type === 'BodyStructure' ? siteCodings(structure) : [];
    });
}

/** Whether a BodyStructure says where it lies, and names no bone. */
export function liesElsewhere(structure: Fact | undefined, sites: SiteIndex): boolean {
  if (structure?.type !== 'BodyStructure') return false;
  return siteCodings(structure).length > 0 && placesOf(structure, sites).length === 0;
}
