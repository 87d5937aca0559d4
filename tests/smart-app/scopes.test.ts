import { describe, expect, it } from '@jest/globals';
import { scopesFor, scopeVersionOf } from '../../src/smart-app/scopes.js';

describe('the scopes of a launch', () => {
  it.each<[string, unknown, 1 | 2]>([
    ['that knows version 2', { capabilities: ['permission-v1', 'permission-v2'] }, 2],
    ['that knows version 1', { capabilities: ['permission-v1'] }, 1],
    ['of the time before there were two versions', { capabilities: ['launch-ehr', 'permission-patient'] }, 1],
    ['that says nothing of itself', undefined, 2],
  ])('to a server %s', (_what, configuration, version) => {
    expect(scopeVersionOf(configuration)).toBe(version);
  });

  it('ask for the patient of the launch, and read and write in the words of the version', () => {
    expect(scopesFor(2)).toContain('launch launch/patient openid');
    expect(scopesFor(2)).toContain('patient/Observation.crs');
    const first = scopesFor(1).split(' ');
    expect(first).toEqual(
      expect.arrayContaining([
        'launch/patient',
        'patient/Condition.read',
        'patient/Observation.write',
        'patient/QuestionnaireResponse.write',
      ]),
    );
    expect(first.filter((scope) => /\.[cruds]+$/.test(scope) && !/\.(read|write)$/.test(scope))).toEqual([]);
  });
});
