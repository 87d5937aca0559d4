import { describe, expect, it } from '@jest/globals';
import { gather } from '../../src/data/gather.js';
import { readWholeRequest } from '../../src/data/whole-request.js';
import type { DataNeed, GatherRequest } from '../../src/data/types.js';

const needs: readonly DataNeed[] = [
  { key: 'patient', resourceType: 'Patient', template: 'Patient/{{context.patientId}}' },
  { key: 'observations', resourceType: 'Observation', template: 'Observation?patient=1' },
  { key: 'medications', resourceType: 'MedicationRequest', template: 'MedicationRequest?patient=1' },
];
const subject = { reference: 'Patient/1' };
const observation = { resourceType: 'Observation', id: 'o', subject };
const order = { resourceType: 'MedicationRequest', id: 'm', subject };
const page = (entry: readonly unknown[], more: object = {}) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: entry.length,
  entry,
  ...more,
});
const request = (prefetch: object, more: Partial<GatherRequest> = {}): GatherRequest => ({
  needs,
  patientId: '1',
  context: { patientId: '1' },
  prefetch: {
    patient: { resourceType: 'Patient', id: '1' },
    observations: page([{ resource: observation, fullUrl: 'https://ehr/fhir/Observation/o' }]),
    medications: null,
    ...prefetch,
  },
  ...more,
});

const plain: readonly (readonly [string, object])[] = [
  ['one page each', {}],
  ['an empty page', { observations: page([]) }],
  ['no list of entries', { observations: { resourceType: 'Bundle' } }],
  ['one resource', { observations: observation }],
  ['a page without a type', { observations: { resourceType: 'Bundle', entry: [{ resource: observation }] } }],
  ['a key that is not asked for', { others: { resourceType: 'OperationOutcome' } }],
  [
    'a subject that names nobody',
    { medications: page([{ resource: { ...order, subject: { display: 'x' } } }]) },
  ],
];

const otherwise: readonly (readonly [string, object])[] = [
  ['a further page', { observations: page([], { link: [{ relation: 'next', url: 'x' }] }) }],
  ['fewer than the total', { observations: page([{ resource: observation }], { total: 2 }) }],
  ['another type', { observations: page([{ resource: order }, { resource: observation }]) }],
  ['what was included', { observations: page([{ resource: observation, search: { mode: 'include' } }]) }],
  ['an outcome', { observations: page([{ resource: { resourceType: 'OperationOutcome' } }]) }],
  ['an entry without a resource', { observations: page([{}, { resource: observation }]) }],
  ['no resource', { observations: 'x' }],
  ['a failed query', { observations: { resourceType: 'OperationOutcome' } }],
  ['a history', { observations: page([], { type: 'history' }) }],
  ['addresses of a Bundle', { observations: page([{ resource: observation, fullUrl: 'urn:uuid:a' }]) }],
  [
    'another patient',
    { observations: page([{ resource: { ...observation, subject: { reference: 'Patient/2' } } }]) },
  ],
  ['the resource of another patient', { patient: { resourceType: 'Patient', id: '2' } }],
  [
    'a drug by reference',
    { medications: page([{ resource: { ...order, medicationReference: { reference: 'Medication/m' } } }]) },
  ],
  ['a key that did not come', { medications: undefined }],
];

/** Names the patient again: nothing else changes, and the request is read key by key. */
const keyByKey = (asked: GatherRequest): GatherRequest => ({ ...asked, authorization: { patient: '1' } });

describe('a request of which everything came whole', () => {
  it.each(plain)('is read in one pass, with the same result as key by key: %s', async (_, prefetch) => {
    const asked = request(prefetch);
    expect(readWholeRequest(asked, '1')).toBeDefined();
    expect(await gather(asked)).toEqual(await gather(keyByKey(asked)));
  });

  it.each(otherwise)('and any other is not: %s', async (_, prefetch) => {
    const asked = request(prefetch);
    expect(readWholeRequest(asked, '1')).toBeUndefined();
    expect(await gather(asked)).toEqual(await gather(keyByKey(asked)));
  });

  it('is looked at for drafts of another patient, and for more than a chart may hold', () => {
    const drafts = {
      resourceType: 'Bundle',
      entry: [{ resource: { ...order, subject: { reference: 'Patient/2' } } }],
    };
    expect(readWholeRequest(request({}, { context: { draftOrders: drafts } }), '1')).toBeUndefined();
    const many = page(Array.from({ length: 5001 }, () => ({ resource: order })));
    expect(readWholeRequest(request({ medications: many }), '1')).toBeUndefined();
  });
});
