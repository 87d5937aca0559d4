import { describe, expect, it } from '@jest/globals';
import { resolvedQuery } from '../../src/sandbox/page/prefetch.js';

describe('a prefetch template', () => {
  const context = { patientId: 'p1', userId: 'Practitioner/u1' };

  it('gets the values of the context and of the user', () => {
    expect(resolvedQuery('Condition?patient={{context.patientId}}', context)).toBe('Condition?patient=p1');
    expect(resolvedQuery('{{context.userId}}', context)).toBe('Practitioner/u1');
    expect(resolvedQuery('Practitioner/{{userPractitionerId}}', context)).toBe('Practitioner/u1');
  });

  it('is not asked when one of its values is missing', () => {
    expect(resolvedQuery('Encounter/{{context.encounterId}}', context)).toBeUndefined();
    expect(resolvedQuery('Patient/{{userPatientId}}', context)).toBeUndefined();
  });
});
