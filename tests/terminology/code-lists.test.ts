import { describe, expect, it } from '@jest/globals';
import { readArtifacts, shippedArtifacts } from '../../src/knowledge/read/read-artifacts.js';
import { parseSource } from '../../src/knowledge/read/source.js';
import { compileValueSets } from '../../src/terminology/value-sets.js';
import { readJson, shippedValueSets, valueSetFiles } from './shipped.js';

const result = compileValueSets(shippedValueSets);
if (!result.ok) throw new Error(JSON.stringify(result.problems));
const { terminology } = result;

const BDPM = 'https://smt.esante.gouv.fr/terminologie-bdpm';
const UCD = 'http://data.esante.gouv.fr/ansm/medicament/UCD';
const CCAM = 'https://smt.esante.gouv.fr/terminologie-ccam';
const RX = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const SCT = 'http://snomed.info/sct';
const LOINC = 'http://loinc.org';
const HCPCS = 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets';
const PCS = 'http://www.cms.gov/Medicare/Coding/ICD10';

describe('the codes that hospitals send', () => {
  it.each([
    ['RxNorm, clinical drug', 'zoledronic-acid-5', RX, '705824'],
    ['RxNorm, branded drug', 'denosumab-120', RX, '1046402'],
    ['RxNorm, ingredient', 'zoledronic-acid', RX, '77655'],
    [
      'ATC at its French address',
      'oncology-bisphosphonates',
      'https://smt.esante.gouv.fr/terminologie-atc',
      'M05BA08',
    ],
    ['ATC at its German address', 'denosumab', 'http://fhir.de/CodeSystem/bfarm/atc', 'M05BX04'],
    ['ATC of AP-HP', 'denosumab', 'https://terminology.eds.aphp.fr/atc', 'M05BX04'],
    ['CIS', 'zoledronic-acid-5', BDPM, '67306342'],
    ['CIP13', 'denosumab-120', BDPM, '3400921725384'],
    ['CIP7', 'denosumab-120', BDPM, '2172538'],
    [
      'CIP13 at the address of presentations',
      'denosumab-60',
      'http://data.esante.gouv.fr/ansm/medicament/Presentation',
      '3400949285785',
    ],
    ['UCD13', 'zoledronic-acid-4', UCD, '3400892558882'],
    ['UCD7', 'zoledronic-acid-4', UCD, '9255888'],
    ['UCD of SNDS', 'zoledronic-acid-4', 'https://smt.esante.gouv.fr/terminologie-cip_ucd', '0000009255888'],
    ['UCD with blanks', 'zoledronic-acid-4', 'urn:oid:1.2.250.1.213.2.62', '34008 9255888 2'],
    ['UCD with a hyphen', 'zoledronic-acid-4', UCD, '925588-8'],
    ['HCPCS', 'denosumab', HCPCS, 'J0897'],
    ['CCAM', 'whole-spine-mri', CCAM, 'LHQN002'],
    ['CCAM with its activity', 'whole-spine-mri', CCAM, 'LHQN0021'],
    ['CCAM with activity and phase', 'whole-spine-mri', 'urn:oid:1.2.250.1.213.2.5', 'LHQN002...01.'],
    ['CCAM of AP-HP', 'bone-surgery-any', 'https://interop.aphp.fr/ig/fhir/dm/CodeSystem/Ccam', 'NBCB005'],
    ['LOINC, order', 'fdg-pet-ct', LOINC, '81554-8'],
    ['LOINC, tumour board sheet', 'tumour-board', LOINC, '34794-8'],
    ['LOINC, answer', 'ecog-grade-1', LOINC, 'LA9623-5'],
    ['LOINC, Karnofsky answer', 'karnofsky-50-70', LOINC, 'LA29178-3'],
    ['ICD-10-PCS', 'cementoplasty', PCS, '0QU03JZ'],
    ['ICD-10-PCS, stem', 'arthroplasty', PCS, '0SR90JZ'],
    ['NABM without its zeros', 'coagulation-test', 'https://smt.esante.gouv.fr/terminologie-nabm', '126'],
    ['DICOM modality', 'mri-any', 'http://dicom.nema.org/resources/ontology/DCM', 'MR'],
    ['Mode of care', 'tumour-board', 'urn:oid:1.2.250.1.213.3.3.13', '39'],
    ['Function studied', 'fdg-pet-ct', 'urn:oid:1.2.250.1.213.1.1.4.322', 'MED-1133'],
    ['ICD-10-GM', 'bone-metastases', 'http://fhir.de/CodeSystem/bfarm/icd-10-gm', 'C79.5'],
    [
      'Cancer registry',
      'metastasis-site-bone',
      'https://www.medizininformatik-initiative.de/fhir/ext/modul-onko/CodeSystem/mii-cs-onko-fernmetastasen',
      'OSS',
    ],
    ['SNOMED CT', 'metastasis-site', SCT, '385421009'],
  ])('%s: %s', (_, set, system, code) => {
    expect(terminology.setsOf(system, code)).toContain(set);
  });

  it.each([
    [
      'a German extension that means something else in France',
      'hypercalcaemia',
      'http://fhir.de/CodeSystem/bfarm/icd-10-gm',
      'E83.50',
    ],
    ['the osteoporosis dose', 'oncology-antiresorptives', BDPM, '67306342'],
    ['the osteoporosis product', 'oncology-antiresorptives', RX, '993452'],
    ['a PET that names no tracer', 'fdg-pet-ct', CCAM, 'ZZQL016'],
    ['an operation of any cause', 'bone-lesion-surgery', PCS, '0SR90JZ'],
    ['a spinal injection', 'infiltration', LOINC, '24931-8'],
    ['pneumonia', 'infection-or-sepsis', SCT, '233604007'],
  ])('%s is not of %s', (_, set, system, code) => {
    expect(terminology.setsOf(system, code)).not.toContain(set);
    expect(terminology.setsOf(system, code)).not.toEqual([]);
  });
});

describe('the code lists', () => {
  it('list no code in a value set where a narrower one holds it already', () => {
    const wrong = shippedValueSets.flatMap(({ id = '', compose }) =>
      (compose?.include ?? []).flatMap(({ system, concept = [] }) =>
        concept.flatMap(({ code }) => {
          const narrower = terminology
            .setsOf(system, code)
            .filter((other) => other !== id && terminology.widerOf(other).has(id));
          return narrower.length > 0 && listed(narrower, system, code) ? [`${id}: ${system}|${code}`] : [];
        }),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('hold all codes of other systems, each with its sources: value sets list none themselves', async () => {
    const own = valueSetFiles.flatMap((name) =>
      // Exclusions say what a set does not hold, and need no source.
      [
        ...JSON.stringify(readJson(`value-sets/${name}`))
          .replace(/"exclude".*/, '')
          .matchAll(/"system":"([^"]+)"/g),
      ].map(([, system = '']) => system),
    );
    expect(own.filter((system) => !system.startsWith('https://bone-metastasis-cds.example/'))).toEqual([]);
    const files = (await readArtifacts(shippedArtifacts)).filter(({ path }) => path.endsWith('.tsv'));
    expect(files.length).toBeGreaterThan(15);
    expect(files.flatMap((file) => parseSource(file).problems)).toEqual([]);
  });
});

/** Whether one of these value sets lists the code itself. */
function listed(ids: readonly string[], system: string | undefined, code: string): boolean {
  return shippedValueSets
    .filter(({ id = '' }) => ids.includes(id))
    .some(({ compose }) =>
      (compose?.include ?? []).some(
        (include) => include.system === system && (include.concept ?? []).some((each) => each.code === code),
      ),
    );
}
