import { describe, expect, it } from '@jest/globals';
import { exampleDay } from '../../src/engine/examples.js';
import { epochDayOf, openCase } from '../../src/engine/case.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();

const sct = 'http://snomed.info/sct';
const dicom = 'http://dicom.nema.org/resources/ontology/DCM';
const T7 = { system: sct, code: '62487009' };
const spine = { system: sct, code: '421060004' };
const femur = { system: sct, code: '71341001' };
const skull = { system: sct, code: '89546000' };
const head = { system: sct, code: '69536005' };
const rib = { system: sct, code: '113197003' };

interface Written {
  readonly system: string;
  readonly code: string;
}

/** Value sets of a request, which of `asked` it is in. */
function setsOf(code: Written, at: Written | undefined, asked: readonly string[]): readonly string[] {
  const request = {
    resourceType: 'ServiceRequest',
    id: 'r',
    status: 'active',
    intent: 'order',
    code: { coding: [code] },
    ...(at !== undefined && { bodySite: [{ coding: [at] }] }),
  };
  const { of } = openCase(prepared, {
    resources: [request],
    drafts: [],
    missingKeys: new Set(),
    today: epochDayOf(exampleDay),
  });
  const [fact] = of.chart.ofType('ServiceRequest');
  return asked.filter((id) => fact?.sets.has(id));
}

const mri = ['spine-mri-partial', 'lesion-mri', 'mri-any'];
const ct = ['spine-ct', 'ct-head-or-limb', 'ct'];

describe('a modality and a region, where an order says no more', () => {
  it.each<[string, Written, Written | undefined, readonly string[]]>([
    ['MR of T7', { system: dicom, code: 'MR' }, T7, ['spine-mri-partial', 'mri-any']],
    ['SNOMED MRI of T7', { system: sct, code: '113091000' }, T7, ['spine-mri-partial', 'mri-any']],
    ['MR of the femur', { system: dicom, code: 'MR' }, femur, ['lesion-mri', 'mri-any']],
    ['MR of the spine, extent open', { system: dicom, code: 'MR' }, spine, ['mri-any']],
    ['MR of the head', { system: dicom, code: 'MR' }, head, ['mri-any']],
    ['MR of no place', { system: dicom, code: 'MR' }, undefined, ['mri-any']],
    ['CT of T7', { system: dicom, code: 'CT' }, T7, ['spine-ct', 'ct']],
    ['CT of the skull', { system: dicom, code: 'CT' }, skull, ['ct-head-or-limb', 'ct']],
    ['CT of the head', { system: sct, code: '77477000' }, head, ['ct-head-or-limb', 'ct']],
    ['CT of a rib', { system: dicom, code: 'CT' }, rib, ['ct']],
  ])('%s', (_what, code, at, sets) => {
    expect(setsOf(code, at, [...mri, ...ct])).toEqual(sets);
  });

  it('leaves a code that says the region itself as it is', () => {
    // MRI of the cervical spine, of a patient whose lesion is in the femur
    expect(setsOf({ system: 'http://loinc.org', code: '24935-9' }, femur, ['lesion-mri'])).toEqual([]);
  });
});

describe('a note of a consultation', () => {
  const note = (specialty: string | undefined) => ({
    resourceType: 'DocumentReference',
    id: 'd',
    status: 'current',
    type: { coding: [{ system: 'http://loinc.org', code: '11488-4' }] },
    ...(specialty !== undefined && {
      context: { practiceSetting: { coding: [{ system: sct, code: specialty }] } },
    }),
  });
  it.each<[string, string | undefined, readonly string[]]>([
    ['of orthopaedics is a surgical opinion', '394801008', ['surgical-opinion']],
    ['of neurosurgery is a surgical opinion', '394610002', ['surgical-opinion']],
    ['of dentistry is a dental assessment', '394812008', ['dental-assessment']],
    ['of cardiology is neither', '394579002', []],
    ['of no specialty is neither', undefined, []],
  ])('%s', (_what, specialty, sets) => {
    const { of } = openCase(prepared, {
      resources: [note(specialty)],
      drafts: [],
      missingKeys: new Set(),
      today: epochDayOf(exampleDay),
    });
    const [fact] = of.chart.ofType('DocumentReference');
    expect(['surgical-opinion', 'dental-assessment'].filter((id) => fact?.sets.has(id))).toEqual(sets);
  });
});
