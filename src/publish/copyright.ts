import type { ValueSet } from 'fhir/r4.js';
import type { Text } from '../knowledge/types.js';

/**
 * Whose the codes of a code system are, in the words that the owner asks for where it does: LOINC's licence wants its
 * notice wherever codes are listed, SNOMED International wants users to know that they need a licence. Systems whose
 * owner reserves nothing (ICD-10-CM, NCI Thesaurus) are not named.
 */
const notices: Readonly<Record<string, Text>> = {
  'http://snomed.info/sct': {
    en: 'Includes content from SNOMED CT®, copyright of the International Health Terminology Standards Development Organisation (IHTSDO). Who uses it needs a SNOMED CT licence: https://www.snomed.org/get-snomed',
    fr: 'Contient des éléments de SNOMED CT®, propriété de l’International Health Terminology Standards Development Organisation (IHTSDO). Leur usage demande une licence SNOMED CT : https://www.snomed.org/get-snomed',
  },
  'http://loinc.org': {
    en: 'This material contains content from LOINC (http://loinc.org). LOINC is copyright © Regenstrief Institute, Inc. and the Logical Observation Identifiers Names and Codes (LOINC) Committee and is available at no cost under the license at http://loinc.org/license. LOINC® is a registered United States trademark of Regenstrief Institute, Inc.',
    fr: 'Contient des éléments de LOINC (http://loinc.org). LOINC est la propriété (©) de Regenstrief Institute, Inc. et du comité Logical Observation Identifiers Names and Codes (LOINC), disponible gratuitement sous la licence http://loinc.org/license. LOINC® est une marque déposée aux États-Unis de Regenstrief Institute, Inc.',
  },
  'http://hl7.org/fhir/sid/icd-10': {
    en: 'ICD-10 is copyright of the World Health Organization.',
    fr: 'La CIM-10 est la propriété de l’Organisation mondiale de la santé.',
  },
  'http://terminology.hl7.org/CodeSystem/icd-o-3': {
    en: 'ICD-O-3 is copyright of the World Health Organization.',
    fr: 'La CIM-O-3 est la propriété de l’Organisation mondiale de la santé.',
  },
  'http://www.whocc.no/atc': {
    en: 'ATC codes are copyright of the WHO Collaborating Centre for Drug Statistics Methodology, Oslo.',
    fr: 'Les codes ATC sont la propriété du WHO Collaborating Centre for Drug Statistics Methodology, Oslo.',
  },
  'http://www.nlm.nih.gov/research/umls/rxnorm': {
    en: 'RxNorm is made publicly available by the U.S. National Library of Medicine, which does not endorse this resource.',
    fr: 'RxNorm est mis à disposition du public par l’U.S. National Library of Medicine, qui ne cautionne pas cette ressource.',
  },
  'http://dicom.nema.org/resources/ontology/DCM': {
    en: 'DICOM codes are copyright of the National Electrical Manufacturers Association.',
    fr: 'Les codes DICOM sont la propriété de la National Electrical Manufacturers Association.',
  },
};

/** The French distribution of ATC has an address of its own. */
const sameOwner: Readonly<Record<string, string>> = {
  'https://smt.esante.gouv.fr/terminologie-atc': 'http://www.whocc.no/atc',
};

/** `ValueSet.copyright` for the code systems that a value set takes codes from; undefined: nobody's but ours. */
export function copyrightOf({ compose }: ValueSet): Text | undefined {
  const systems = (compose?.include ?? []).flatMap(({ system = '' }) => sameOwner[system] ?? system);
  const found = [...new Set(systems)].flatMap((system) => notices[system] ?? []);
  if (found.length === 0) return undefined;
  return { en: found.map(({ en }) => en).join('\n\n'), fr: found.map(({ fr }) => fr).join('\n\n') };
}
