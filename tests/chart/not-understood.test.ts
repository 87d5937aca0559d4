import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { countNotUnderstood, nameWords } from '../../src/chart/not-understood.js';
import { prepared } from './charts.js';

const { terminology, sites } = prepared;
const types = new Set([
  ...['Condition', 'ServiceRequest', 'MedicationRequest', 'Procedure', 'Observation'],
  'DiagnosticReport',
]);
const count = (most?: number) =>
  countNotUnderstood({ terminology, sites, types, ...(most !== undefined && { most }) });

const local = 'https://hospital.example/acts';
const act = (code: string, display?: string): FhirResource => ({
  resourceType: 'ServiceRequest',
  status: 'active',
  code: { coding: [{ system: local, code, ...(display !== undefined && { display }) }] },
});
const drug = (concept: object, status = 'active'): FhirResource => ({
  resourceType: 'MedicationRequest',
  status,
  medicationCodeableConcept: concept,
});
const denosumab = { system: 'http://www.whocc.no/atc', code: 'M05BX04' };

describe('what is not understood', () => {
  it('is counted by code, the most frequent first, with a display where one was written', () => {
    const found = count();
    [act('B'), act('A'), act('A', 'Scintigraphie'), act('B'), act('B')].forEach((each) => {
      found.add(each);
    });
    expect(found.rows()).toEqual([
      { type: 'ServiceRequest', system: local, code: 'B', text: '', count: 3 },
      { type: 'ServiceRequest', system: local, code: 'A', text: 'Scintigraphie', count: 2 },
    ]);
  });

  it('of a report is what it is about, not the department that it comes from', () => {
    const found = count();
    const laboratory = { system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' };
    found.add({
      resourceType: 'DiagnosticReport',
      status: 'final',
      category: [{ coding: [laboratory] }],
      code: { coding: [{ system: local, code: 'NFS' }] },
    });
    expect(found.rows()).toEqual([
      { type: 'DiagnosticReport', system: local, code: 'NFS', text: '', count: 1 },
    ]);
  });

  it.each<[string, FhirResource]>([
    ['one of two codings is known', drug({ coding: [{ system: local, code: 'XGEVA' }, denosumab] })],
    ['it is a type that no rule reads', { ...act('A'), resourceType: 'Claim' }],
    ['it was entered in error', { ...act('A'), status: 'entered-in-error' }],
    ['nothing is written', drug({})],
  ])('is nothing where %s', (_why, resource) => {
    const found = count();
    found.add(resource);
    expect(found.rows()).toEqual([]);
  });

  it('is a text where there is no code, also that of a referenced drug', () => {
    const medications = new Map<string, FhirResource>([
      ['Medication/m', { resourceType: 'Medication', id: 'm', code: { text: 'Zometa 4 mg' } }],
    ]);
    const found = count();
    found.add(drug({ text: 'Zometa 4 mg' }));
    const referring = {
      resourceType: 'MedicationRequest',
      status: 'active',
      medicationReference: { reference: 'https://ehr.example/fhir/Medication/m' },
    };
    found.add(referring, { medications });
    expect(found.rows()).toEqual([
      { type: 'MedicationRequest', system: '', code: '', text: 'Zometa 4 mg', count: 2 },
    ]);
  });

  it('is the place alone where the code is known', () => {
    const found = count();
    found.add({
      resourceType: 'Condition',
      code: { coding: [{ system: 'http://snomed.info/sct', code: '94222008' }] },
      bodySite: [{ coding: [{ system: local, code: 'VERT-T12', display: 'T12' }] }],
    });
    expect(found.rows()).toEqual([
      { type: 'Condition.bodySite', system: local, code: 'VERT-T12', text: 'T12', count: 1 },
    ]);
  });

  it('holds no text that names the patient, whatever accents and case', () => {
    const patient = { resourceType: 'Patient', name: [{ family: 'Lefèvre', given: ['Paul'] }] };
    const found = count();
    found.add(drug({ text: 'Zometa pour M. LEFEVRE' }), { names: nameWords(patient) });
    found.add(act('A', 'Avis pour Paul'), { names: nameWords(patient) });
    found.add(act('B', 'Paulette'), { names: nameWords(patient) });
    expect(found.rows().map(({ code, text }) => [code, text])).toEqual([
      ['', ''],
      ['A', ''],
      ['B', 'Paulette'],
    ]);
  });

  it('is added up over several counts', () => {
    const [one, other] = [count(), count()];
    [one, one, other].forEach((each) => {
      each.add(act('A'));
    });
    other.add(act('B'));
    one.merge(other.rows());
    expect(one.rows().map((row) => [row.code, row.count])).toEqual([
      ['A', 3],
      ['B', 1],
    ]);
  });

  it('keeps so many different codes and no more, and counts what was left out', () => {
    const found = count(2);
    ['A', 'B', 'C', 'C', 'A'].forEach((code) => {
      found.add(act(code));
    });
    expect([found.rows().map((row) => [row.code, row.count]), found.beyond]).toEqual([
      [
        ['A', 2],
        ['B', 1],
      ],
      2,
    ]);
  });
});
