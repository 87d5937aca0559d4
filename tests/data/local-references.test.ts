import { describe, expect, it } from '@jest/globals';
import { localNames, withLiteralReferences } from '../../src/data/local-references.js';
import { gathered } from './patient-server.js';

const lesion = 'urn:uuid:0c1f6a53-9a0e-4a41-8f5c-0d9b5c6f1a11';
const someone = 'urn:uuid:7a3b1f0e-1111-4222-8333-944455556666';

describe('references inside a Bundle', () => {
  it('become those that a server would have, at every depth, and the others stay', () => {
    const focused = {
      resourceType: 'Observation',
      id: 'o',
      focus: [{ reference: lesion }, { reference: 'Condition/c' }, { reference: 'urn:uuid:unknown' }],
      extension: [{ url: 'x', valueReference: { reference: lesion } }],
    };
    const entries = [{ resource: focused }, { fullUrl: lesion, resource: { resourceType: 'BodyStructure' } }];
    const id = lesion.slice('urn:uuid:'.length);
    expect(withLiteralReferences(entries, localNames(entries)).map(({ resource }) => resource)).toEqual([
      {
        ...focused,
        focus: [
          { reference: `BodyStructure/${id}` },
          { reference: 'Condition/c' },
          { reference: 'urn:uuid:unknown' },
        ],
        extension: [{ url: 'x', valueReference: { reference: `BodyStructure/${id}` } }],
      },
      { resourceType: 'BodyStructure', id },
    ]);
  });

  it('name no patient whom nobody named, and leave alone what has an address of a server', () => {
    const entries = [
      { fullUrl: someone, resource: { resourceType: 'Patient' } },
      {
        fullUrl: 'https://ehr.example.org/fhir/Condition/c',
        resource: { resourceType: 'Condition', id: 'c' },
      },
    ];
    expect([...localNames(entries)]).toEqual([]);
    expect(withLiteralReferences(entries, localNames(entries))).toBe(entries);
  });

  it('are read across the keys of a prefetch', async () => {
    const { provisions } = await gathered({
      prefetch: {
        patient: { resourceType: 'Patient', id: '1' },
        observations: {
          resourceType: 'Bundle',
          entry: [{ resource: { resourceType: 'Observation', id: 'o', basedOn: [{ reference: lesion }] } }],
        },
        medications: {
          resourceType: 'Bundle',
          entry: [{ fullUrl: lesion, resource: { resourceType: 'MedicationRequest', id: 'r' } }],
        },
      },
    });
    expect(provisions.get('observations')).toMatchObject({
      state: 'given',
      resources: [{ id: 'o', basedOn: [{ reference: 'MedicationRequest/r' }] }],
    });
  });
});
