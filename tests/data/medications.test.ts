import { describe, expect, it } from '@jest/globals';
import type { FhirClient } from '../../src/fhir/types.js';
import { searchset } from '../fhir/misbehaving-server.js';
import { MEDICATION, ORDER, PATIENT, answers, fhir, gathered, seenUrls, server } from './patient-server.js';

describe('a medication that is only referred to', () => {
  it('is read once, for orders of the chart and of the context alike', async () => {
    const draftOrders = searchset([{ ...ORDER, id: 'draft' }]);
    const { companions } = await gathered({ context: { patientId: '1', draftOrders }, fhir: fhir() });
    expect(companions).toEqual([MEDICATION]);
    expect(seenUrls().filter((url) => url === '/fhir/Medication/m')).toHaveLength(1);
  });

  it('is read with what it is made of, once more and no further', async () => {
    const mixture = { resourceType: 'Medication', id: 'mix' };
    const substance = { resourceType: 'Substance', id: 's', code: { text: 'zoledronic acid' } };
    answers['MedicationRequest?patient=1'] = searchset([
      { ...ORDER, medicationReference: { reference: 'Medication/mix' } },
    ]);
    answers['Medication/mix'] = {
      ...mixture,
      ingredient: [
        { itemReference: { reference: 'Substance/s' } },
        { itemReference: { reference: 'Medication/mix' } },
        { itemReference: { reference: 'Patient/2' } },
      ],
    };
    answers['Substance/s'] = substance;
    const { companions } = await gathered({ fhir: fhir() });
    expect(companions.map(({ id }) => id)).toEqual(['mix', 's']);
    expect(seenUrls().filter((url) => /Medication[/]mix|Patient[/]2/.test(url))).toEqual([
      '/fhir/Medication/mix',
    ]);
  });

  it('is not read when it came along', async () => {
    answers['MedicationRequest?patient=1'] = searchset([ORDER, MEDICATION]);
    const { provisions, companions } = await gathered({ fhir: fhir() });
    expect(companions).toEqual([]);
    expect(provisions.get('medications')).toMatchObject({ resources: [{ id: 'r' }, { id: 'm' }] });
    expect(seenUrls()).not.toContain('/fhir/Medication/m');
  });

  it.each<[string, FhirClient | undefined]>([
    ['without FHIR access', undefined],
    ['when it is not found', fhir()],
  ])('stays unresolved %s', async (_why, client) => {
    answers['Medication/m'] = 404;
    const { companions, setAside } = await gathered({
      prefetch: { patient: PATIENT, observations: null, medications: searchset([ORDER]) },
      fhir: client,
    });
    expect(companions).toEqual([]);
    expect(setAside.get('unresolved-medication')).toBe(1);
  });

  it('contained in its order needs no reading', async () => {
    const order = { ...ORDER, contained: [MEDICATION], medicationReference: { reference: '#m' } };
    const { setAside } = await gathered({ prefetch: { medications: searchset([order]) } });
    expect([...setAside]).toEqual([]);
  });

  it.each([
    ['below the base of its server', `${server.base}/Medication/m`],
    ['in one of its versions', 'Medication/m/_history/2'],
  ])('is read by its id: %s', async (_how, reference) => {
    answers['MedicationRequest?patient=1'] = searchset([{ ...ORDER, medicationReference: { reference } }]);
    expect((await gathered({ fhir: fhir() })).companions).toEqual([MEDICATION]);
  });

  it.each([
    ['on another server', 'https://elsewhere.example/fhir/Medication/m'],
    ['below something else', 'Patient/1/Medication/m'],
    ['out of the base', '../Medication/m'],
    ['with an operation', 'Medication/m/$everything'],
    ['with a query', 'Medication/m?_include=*'],
    ['with a query before', 'Patient?_has=/Medication/m'],
    ['by dots', 'Medication/..'],
  ])('leads nowhere else: %s', async (_where, reference) => {
    answers['MedicationRequest?patient=1'] = searchset([{ ...ORDER, medicationReference: { reference } }]);
    await gathered({ fhir: fhir() });
    expect(seenUrls().filter((url) => /Medication\/|Patient\?|elsewhere|everything/.test(url))).toEqual([]);
  });
});
