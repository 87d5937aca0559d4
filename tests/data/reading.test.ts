import { describe, expect, it } from '@jest/globals';
import { foreignPatients, patientAliases, patientIdOf } from '../../src/data/patient.js';
import { readPrefetched } from '../../src/data/prefetch.js';
import { scopeCover } from '../../src/data/scope.js';
import { resolveTemplate } from '../../src/data/tokens.js';

describe('a prefetched value', () => {
  const observation = { resourceType: 'Observation', id: 'a' };

  it.each([
    ['null', null],
    ['an empty searchset', { resourceType: 'Bundle', type: 'searchset', total: 0 }],
    ['a Bundle without type or with entry null', { resourceType: 'Bundle', entry: null }],
  ])('that is %s means that there is nothing', (_what, value) => {
    expect(readPrefetched(value, 'Observation')).toMatchObject({ state: 'given', answer: { entries: [] } });
  });

  it.each([
    ['one resource', observation],
    ['a searchset', { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: observation }] }],
  ])('may be %s', (_what, value) => {
    expect(readPrefetched(value, 'Observation')).toMatchObject({
      state: 'given',
      answer: { entries: [{ resource: observation }] },
    });
  });

  it.each([
    ['a string', '123'],
    ['a number', 5],
    ['a list', [observation]],
    ['an object that is no resource', {}],
    ['the wrapper of old drafts', { response: { status: '200' }, resource: observation }],
    ['a resource of another type', { resourceType: 'Patient', id: '1' }],
    [
      'a Bundle of another type only',
      { resourceType: 'Bundle', entry: [{ resource: { resourceType: 'Task' } }] },
    ],
    ['a Bundle of empty entries', { resourceType: 'Bundle', entry: [{}, null, 'x'] }],
    ['a Bundle whose entry is an object', { resourceType: 'Bundle', entry: { resource: observation } }],
    [
      'a batch response',
      { resourceType: 'Bundle', type: 'batch-response', entry: [{ resource: observation }] },
    ],
  ])('that is %s never reads as no data', (_what, value) => {
    expect(readPrefetched(value, 'Observation')).toEqual({ state: 'missing', reason: 'wrong-shape' });
  });

  it('that is an OperationOutcome is a failed query, not an empty answer', () => {
    const value = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] };
    expect(readPrefetched(value, 'Observation')).toEqual({ state: 'missing', reason: 'failed-prefetch' });
  });

  it.each([[{ relation: 'next', url: 'https://x/fhir?page=2' }], [{ relation: 'next', url: 5 }]])(
    'that is a first page says so',
    (link) => {
      const value = { resourceType: 'Bundle', link: [link], entry: [{ resource: observation }] };
      expect(readPrefetched(value, 'Observation')).toHaveProperty('next');
    },
  );
});

describe('a prefetch token', () => {
  const context = { patientId: '1', userId: 'Practitioner/p', encounterId: '', nested: { a: 1 }, n: 3 };

  it.each([
    ['Patient/{{context.patientId}}', 'Patient/1'],
    ['Observation?patient={{context.patientId}}&n={{ context.n }}', 'Observation?patient=1&n=3'],
    ['{{context.userId}}', 'Practitioner/p'],
    ['Practitioner/{{userPractitionerId}}', 'Practitioner/p'],
    ['Condition?asserter={{context.userId}}', 'Condition?asserter=Practitioner%2Fp'],
  ])('in %s is resolved', (template, query) => {
    expect(resolveTemplate(template, context)).toBe(query);
  });

  it.each([
    'Patient/{{userPatientId}}',
    'Encounter/{{context.encounterId}}',
    'X?a={{context.nested}}',
    'X?a={{context.nested.a}}',
    'X?a={{context.constructor}}',
    'X?a={{patientId}}',
    'X?a={{today() - 90 days}}',
    'X?a={{context.patientId',
    'X?a={context.patientId}',
  ])('that cannot be resolved stops the query: %s', (template) => {
    expect(resolveTemplate(template, context)).toBeUndefined();
  });

  it('cannot add a parameter, leave its path segment, or be broken text', () => {
    const query = 'Observation?patient={{context.patientId}}';
    expect(resolveTemplate(query, { patientId: '1&_include=*#' })).toBe(
      'Observation?patient=1%26_include%3D*%23',
    );
    expect(resolveTemplate(query, { patientId: '\uD800' })).toBeUndefined();
    for (const patientId of ['../Practitioner', '..', 'a/../b', '1?x', '1%2f', 'https://x/']) {
      expect(resolveTemplate('Patient/{{context.patientId}}', { patientId })).toBeUndefined();
    }
  });
});

describe('a SMART scope', () => {
  const search = 'Observation?patient=1&category=laboratory';

  it.each([
    ['patient/Observation.read', search, 'all'],
    ['user/*.read', search, 'all'],
    ['launch openid patient/*.*', search, 'all'],
    ['system/Observation.rs', search, 'all'],
    ['patient/Observation.s', search, 'all'],
    ['patient/Observation.cruds', search, 'all'],
    ['patient/Observation.rs?category=laboratory', search, 'all'],
    ['patient/Observation.rs?category=vital-signs', search, 'some'],
    ['patient/Observation.rs?category=laboratory&status=final', search, 'some'],
    ['patient/Observation.r', search, 'none'],
    ['patient/Observation.r', 'Observation/1', 'all'],
    ['patient/Observation.s', 'Observation/1', 'none'],
    ['patient/Observation.write', search, 'none'],
    ['patient/Condition.read', search, 'none'],
    ['observation.read', search, 'none'],
    ['openid fhirUser', search, 'none'],
  ])('%s covers %s: %s', (scope, query, cover) => {
    expect(scopeCover(scope, 'Observation', query)).toBe(cover);
  });
});

describe('whose data it is', () => {
  const about = (reference: unknown) => ({ resourceType: 'Observation', id: 'a', subject: reference });
  const paths = (resource: { resourceType: string }) =>
    foreignPatients([resource], '1').map(({ path }) => path);

  it.each([
    'Patient/1',
    'Patient/1/_history/2',
    'https://ehr.example.org/fhir/Patient/1',
    'https://ehr.example.org/fhir/Patient/1/_history/2',
    '#contained',
    'urn:uuid:6f6f0000-0000-4000-8000-000000000000',
    'Group/9',
  ])('the patient of the context, or nobody that can be named: %s', (reference) => {
    expect(paths(about({ reference }))).toEqual([]);
  });

  it.each(['Patient/2', 'Patient/11', 'Patient/2/_history/1', 'https://ehr.example.org/fhir/Patient/2'])(
    'another patient: %s',
    (reference) => {
      expect(paths(about({ reference }))).toEqual(['[0].subject']);
    },
  );

  it.each([{ identifier: { value: '2' } }, { display: 'Somebody' }, 'Patient/2', null, undefined])(
    'cannot be verified without a reference and is accepted',
    (subject) => {
      expect(paths(about(subject))).toEqual([]);
    },
  );

  it('is told by subject, patient, beneficiary, participants and the id of a Patient', () => {
    const reference = { reference: 'Patient/2' };
    expect(paths({ resourceType: 'Patient', ...{ id: '2' } })).toEqual(['[0].id']);
    expect(paths({ resourceType: 'AllergyIntolerance', ...{ patient: reference } })).toEqual(['[0].patient']);
    expect(paths({ resourceType: 'Coverage', ...{ beneficiary: reference } })).toEqual(['[0].beneficiary']);
    expect(paths({ resourceType: 'Account', ...{ subject: [reference] } })).toEqual(['[0].subject']);
    const appointment = (...patients: string[]) => ({
      resourceType: 'Appointment',
      participant: [{ actor: { reference: 'Practitioner/2' } }, null].concat(
        patients.map((id) => ({ actor: { reference: `Patient/${id}` } })),
      ),
    });
    expect(paths(appointment('2'))).toEqual(['[0].participant']);
    expect(paths(appointment('2', '1'))).toEqual([]);
    expect(paths(appointment())).toEqual([]);
  });

  it('follows urn:uuid to the entry of the patient', () => {
    const own = { resource: { resourceType: 'Patient', id: '1' }, fullUrl: 'urn:uuid:own' };
    const other = { resource: { resourceType: 'Patient', id: '2' }, fullUrl: 'urn:uuid:other' };
    const aliases = patientAliases([own, other], '1');
    const isForeign = (reference: string) => foreignPatients([about({ reference })], '1', aliases).length > 0;
    expect(isForeign('urn:uuid:own')).toBe(false);
    expect(isForeign('urn:uuid:other')).toBe(true);
    expect(isForeign('urn:uuid:unknown')).toBe(true);
  });

  it.each([
    ['123', '123'],
    ['Patient/123', '123'],
    ['https://ehr.example.org/fhir/Patient/123', '123'],
  ])('is the id of %s', (text, id) => {
    expect(patientIdOf(text)).toBe(id);
  });
});
