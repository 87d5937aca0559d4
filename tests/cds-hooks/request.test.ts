import { describe, expect, it } from '@jest/globals';

import { contextFields, HOOKS, isHookName, isTokenField } from '../../src/cds-hooks/hooks.js';
import { readHookRequest } from '../../src/cds-hooks/request.js';
import { accepted, AUTHORIZATION, call, CONTEXTS, HOOK_INSTANCE, refusedAt } from './calls.js';

const hooks = Object.keys(HOOKS).filter(isHookName);
const rows = hooks.flatMap((hook) =>
  Object.entries(contextFields(hook)).map(([name, field]) => ({ hook, name, required: field.required })),
);

describe('the envelope of a hook call', () => {
  it.each(hooks)('accepts the smallest %s', (hook) => {
    const request = accepted(call(hook));
    expect(request).toEqual({
      hook,
      hookInstance: HOOK_INSTANCE,
      prefetch: {},
      droppedEntries: 0,
      context: CONTEXTS[hook],
    });
  });

  it('lists every problem at once with its path', () => {
    const body = {
      hook: 'order-select',
      hookInstance: 'not-a-uuid',
      fhirServer: 'ftp://ehr.example.org',
      prefetch: 'none',
      fhirAuthorization: { ...AUTHORIZATION, expires_in: '300' },
      context: { userId: 'dr-petit', patientId: 'a b' },
    };
    expect([...refusedAt(body)].sort()).toEqual([
      'context.draftOrders',
      'context.patientId',
      'context.selections',
      'context.userId',
      'fhirAuthorization.expires_in',
      'fhirServer',
      'hookInstance',
      'prefetch',
    ]);
  });

  it('never repeats what it refuses', () => {
    const body = call('patient-view', { patientId: 'Jeanne Martin 1950-02-03' }, { hookInstance: 'Martin' });
    expect(JSON.stringify(readHookRequest(body))).not.toMatch(/Martin|1950/i);
  });

  it('says of each problem whether the value is missing, of the wrong type, or wrong', () => {
    const reading = readHookRequest({ hook: 'patient-view', hookInstance: 7, context: { patientId: 'a/b' } });
    expect(reading).toEqual({
      ok: false,
      problems: [
        expect.objectContaining({ reason: 'structure', path: 'hookInstance' }),
        expect.objectContaining({ reason: 'required', path: 'context.userId' }),
        expect.objectContaining({ reason: 'value', path: 'context.patientId' }),
      ],
    });
  });

  it.each([[null], [undefined], [''], [5], [true], [[]], ['{}'], [[call('patient-view')]]])(
    'refuses %j as a body',
    (body) => {
      expect(refusedAt(body)).toEqual(['']);
    },
  );

  it.each(['hook', 'hookInstance', 'context'])('requires %s', (name) => {
    expect(refusedAt({ ...call('patient-view'), [name]: undefined })).toContain(name);
    expect(refusedAt({ ...call('patient-view'), [name]: null })).toContain(name);
  });

  it.each([[[]], ['text'], [7]])('refuses %j as a context', (context) => {
    expect(refusedAt({ ...call('patient-view'), context })).toEqual(['context']);
  });

  it('names the missing fields of an empty context', () => {
    expect(refusedAt({ ...call('patient-view'), context: {} })).toEqual([
      'context.userId',
      'context.patientId',
    ]);
  });

  it('reads an upper-case hookInstance in lower case', () => {
    expect(accepted(call('patient-view', {}, { hookInstance: HOOK_INSTANCE.toUpperCase() }))).toMatchObject({
      hookInstance: HOOK_INSTANCE,
    });
  });

  it.each(['', 'urn:uuid:' + HOOK_INSTANCE, HOOK_INSTANCE.slice(1), HOOK_INSTANCE + ' '])(
    'refuses %j as a hookInstance',
    (hookInstance) => {
      expect(refusedAt(call('patient-view', {}, { hookInstance }))).toEqual(['hookInstance']);
    },
  );

  it('ignores members and extensions that it does not know', () => {
    const body = call(
      'patient-view',
      { foo: 1, extension: [] },
      { bar: {}, extension: { 'com.example.x': 1 } },
    );
    expect(accepted(body)).toEqual(accepted(call('patient-view')));
  });
});

describe('the hook', () => {
  it('may be a reverse-domain name outside the library', () => {
    expect(accepted(call('org.example.tumour-board', { patientId: 'Patient/x', more: 1 }))).toMatchObject({
      hook: 'org.example.tumour-board',
      context: { patientId: 'x' },
    });
  });

  it.each(['patient-views', 'toString', '__proto__', 'a..b', '.a', 'a.'])(
    'is refused when it is %s',
    (hook) => {
      expect(refusedAt({ ...call('patient-view'), hook })).toEqual(['hook']);
    },
  );

  it('that was withdrawn is refused with the name of its successor', () => {
    const reading = readHookRequest({ ...call('patient-view'), hook: 'medication-prescribe' });
    expect(reading).toMatchObject({ ok: false, problems: [{ path: 'hook', reason: 'not-supported' }] });
    expect(JSON.stringify(reading)).toContain('order-select');
  });

  it('decides which fields a prefetch template may use', () => {
    expect(isTokenField('order-sign', 'patientId')).toBe(true);
    expect(isTokenField('order-sign', 'draftOrders')).toBe(false);
    expect(isTokenField('order-dispatch', 'userId')).toBe(false);
    expect(isTokenField('order-sign', 'constructor')).toBe(false);
  });
});

describe('the context of each hook', () => {
  it.each(rows.filter((row) => row.required))('$hook requires $name', ({ hook, name }) => {
    for (const nothing of [undefined, null, '', {}]) {
      expect(refusedAt(call(hook, { [name]: nothing }))).toEqual([`context.${name}`]);
    }
  });

  it.each(rows.filter((row) => !row.required))('$hook does without $name', ({ hook, name }) => {
    for (const nothing of [undefined, null, '', {}]) {
      expect(accepted(call(hook, { [name]: nothing })).context).not.toHaveProperty(name);
    }
  });

  it.each(rows)('$hook refuses a number as $name', ({ hook, name }) => {
    expect(refusedAt(call(hook, { [name]: 7 }))).toEqual([`context.${name}`]);
  });

  it.each(rows.filter(({ name }) => name !== 'fulfillmentTasks'))(
    '$hook refuses an array of numbers as $name',
    ({ hook, name }) => {
      const paths = refusedAt(call(hook, { [name]: [7] }));
      if (name === 'appointments') expect(paths).toEqual([]);
      else expect(paths[0]).toMatch(new RegExp(`^context\\.${name}(\\[0\\])?$`));
    },
  );

  it.each(['Practitioner/1', 'PractitionerRole/1', 'Patient/1', 'RelatedPerson/1'])(
    'accepts the user %s',
    (userId) => {
      expect(accepted(call('patient-view', { userId })).context).toMatchObject({ userId });
    },
  );

  it.each([
    '1',
    'Device/1',
    'practitioner/1',
    'Practitioner/',
    'Practitioner/a b',
    'https://e.org/Practitioner/1',
  ])('refuses the user %s', (userId) => {
    expect(refusedAt(call('patient-view', { userId }))).toEqual(['context.userId']);
  });

  it.each([
    'a'.repeat(65),
    'Patient/',
    'Patient/a/b',
    'Patient/Patient/a',
    '1&_include=*',
    'é',
    'a\n',
    '\uD800',
  ])('refuses the patient %j', (patientId) => {
    expect(refusedAt(call('patient-view', { patientId }))).toEqual(['context.patientId']);
  });

  it('accepts a patient id of 64 characters', () => {
    expect(accepted(call('patient-view', { patientId: 'a'.repeat(64) })).context.patientId).toHaveLength(64);
  });
});

describe('fhirAuthorization', () => {
  const server = { fhirServer: 'https://ehr.example.org/fhir' };

  it('is read with the server that it opens', () => {
    const request = accepted(call('patient-view', {}, { ...server, fhirAuthorization: AUTHORIZATION }));
    expect(request.fhirAuthorization).toEqual(AUTHORIZATION);
    expect(request.fhirServer).toBe(server.fhirServer);
  });

  it('without fhirServer is refused', () => {
    expect(refusedAt(call('patient-view', {}, { fhirAuthorization: AUTHORIZATION }))).toEqual(['fhirServer']);
  });

  it.each(['access_token', 'token_type', 'expires_in', 'scope', 'subject'])('requires %s', (name) => {
    for (const wrong of [undefined, null, '', [], true]) {
      const fhirAuthorization = { ...AUTHORIZATION, [name]: wrong };
      expect(refusedAt(call('patient-view', {}, { ...server, fhirAuthorization }))).toEqual([
        `fhirAuthorization.${name}`,
      ]);
    }
  });

  it.each([null, {}, ''])('is absent when it is %j', (fhirAuthorization) => {
    expect(accepted(call('patient-view', {}, { fhirAuthorization }))).not.toHaveProperty('fhirAuthorization');
  });

  it('accepts any case of Bearer and a patient with its type', () => {
    const lax = { ...AUTHORIZATION, token_type: 'bearer', patient: 'Patient/martin' };
    expect(
      accepted(call('patient-view', {}, { ...server, fhirAuthorization: lax })).fhirAuthorization,
    ).toEqual(AUTHORIZATION);
  });

  it('for another patient is refused', () => {
    const fhirAuthorization = { ...AUTHORIZATION, patient: 'durand' };
    expect(refusedAt(call('patient-view', {}, { ...server, fhirAuthorization }))).toEqual([
      'fhirAuthorization.patient',
    ]);
  });

  it.each(['a\r\nX-Evil: 1', 'a b', 'é'])('refuses the token %j, which no header could carry', (token) => {
    const fhirAuthorization = { ...AUTHORIZATION, access_token: token };
    expect(refusedAt(call('patient-view', {}, { ...server, fhirAuthorization }))).toEqual([
      'fhirAuthorization.access_token',
    ]);
  });

  it('replaces a lone surrogate in a text', () => {
    const fhirAuthorization = { ...AUTHORIZATION, subject: 'a\uD800' };
    const request = accepted(call('patient-view', {}, { ...server, fhirAuthorization }));
    expect(request.fhirAuthorization?.subject).toBe('a\uFFFD');
  });
});

describe('prefetch', () => {
  it.each([undefined, null, {}, ''])('is empty when it is %j', (prefetch) => {
    expect(accepted(call('patient-view', {}, { prefetch })).prefetch).toEqual({});
  });

  it.each([[[]], ['text'], [1]])('refuses %j', (prefetch) => {
    expect(refusedAt(call('patient-view', {}, { prefetch }))).toEqual(['prefetch']);
  });

  it('keeps null, which means that the client has no data, and resources untouched', () => {
    const patient = { resourceType: 'Patient', id: 'martin' };
    const { prefetch } = accepted(call('patient-view', {}, { prefetch: { patient, labs: null } }));
    expect(prefetch).toEqual({ patient, labs: null });
    expect(prefetch['patient']).toBe(patient);
  });
});
