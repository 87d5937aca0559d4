import type { Chart, Fact } from './chart.js';
import { objects, referenceKey } from './element.js';
import type { LesionSets } from './lesions.js';
import type { SiteIndex } from './sites.js';

/** Whether a Condition is a bone metastasis by its code, or a metastasis with a bony body site. */
export function isBoneMetastasis(
  fact: Fact,
  sites: SiteIndex,
  sets: Pick<LesionSets, 'boneMetastases' | 'anyMetastases'>,
): boolean {
  if (fact.sets.has(sets.boneMetastases)) return true;
  return fact.sets.has(sets.anyMetastases) && sites.locate(fact.coded('bodySite').codings).length > 0;
}

/** The body sites, and the code itself where it names one (metastasis to femur). */
export function siteCodings(fact: Fact): ReturnType<Fact['coded']>['codings'] {
  return fact.type === 'BodyStructure'
    ? fact.coded('bodySite').codings
    : [...fact.coded('bodySite').codings, ...fact.coded('code').codings];
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
