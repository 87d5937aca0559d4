import { describe, expect, it } from '@jest/globals';
import type { FhirClient } from '../../src/fhir/types.js';
import { searchset } from '../fhir/misbehaving-server.js';
import { MEDICATION, ORDER, PATIENT, answers, fhir, gathered, seenUrls } from './patient-server.js';

describe('a medication that is only referred to', () => {
  it('is read once, for orders of the chart and of the context alike', async () => {
    const draftOrders = searchset([{ ...ORDER, id: 'draft' }]);
    const { companions } = await gathered({ context: { patientId: '1', draftOrders }, fhir: fhir() });
    expect(companions).toEqual([MEDICATION]);
    expect(seenUrls().filter((url) => url === '/fhir/Medication/m')).toHaveLength(1);
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
});
