import { describe, expect, it } from '@jest/globals';
import { gather } from '../../src/data/gather.js';
import type { GatherRequest } from '../../src/data/types.js';
import { observation, searchset } from '../fhir/misbehaving-server.js';
import { NEEDS, PATIENT, answers, fhir, gathered, provision, seenUrls, server } from './patient-server.js';

describe('what is prefetched', () => {
  it('is not fetched again; only missing keys are', async () => {
    const prefetch = { patient: PATIENT, medications: null, unknownKey: { resourceType: 'Observation' } };
    const { provisions, requests } = await gathered({ prefetch, fhir: fhir() });
    expect(provisions.get('patient')).toEqual({ state: 'given', resources: [PATIENT], incomplete: false });
    expect(provisions.get('medications')).toEqual({ state: 'given', resources: [], incomplete: false });
    expect(provisions.get('observations')).toMatchObject({
      state: 'fetched',
      resources: [{ id: 'a' }, { id: 'b' }],
      incomplete: false,
    });
    expect([...provisions.keys()]).toEqual(['patient', 'observations', 'medications']);
    expect(requests).toBe(2);
    expect(seenUrls()).toEqual(['/fhir/Observation?page=2', '/fhir/Observation?patient=1']);
  });

  it.each([undefined, null, {}, 'x', []])('may be nothing at all: %j', async (prefetch) => {
    expect(await provision('patient', { prefetch })).toEqual({ state: 'missing', reason: 'no-fhir-access' });
  });

  it('that failed at the client is neither repeated nor read as no data', async () => {
    const prefetch = {
      patient: PATIENT,
      medications: null,
      observations: { resourceType: 'OperationOutcome' },
    };
    expect(await provision('observations', { prefetch, fhir: fhir() })).toEqual({
      state: 'missing',
      reason: 'failed-prefetch',
    });
    expect(server.seen).toEqual([]);
  });

  it('in a wrong shape is fetched, or missing when it cannot be', async () => {
    const prefetch = { patient: '1' };
    expect(await provision('patient', { prefetch })).toEqual({ state: 'missing', reason: 'wrong-shape' });
    expect(await provision('patient', { prefetch, fhir: fhir() })).toMatchObject({ state: 'fetched' });
  });

  it('is completed from its next page, or missing when that cannot be had', async () => {
    const prefetch = { observations: answers['Observation?patient=1'] };
    expect(await provision('observations', { prefetch, fhir: fhir() })).toMatchObject({
      state: 'given',
      resources: [{ id: 'a' }, { id: 'b' }],
      incomplete: false,
    });
    expect(await provision('observations', { prefetch })).toEqual({
      state: 'missing',
      reason: 'incomplete-page',
    });
    answers['Observation?page=2'] = 500;
    expect(await provision('observations', { prefetch, fhir: fhir() })).toMatchObject({
      resources: [{ id: 'a' }],
      incomplete: true,
      because: 'server-error',
    });
  });

  it('is not completed where the scopes do not reach', async () => {
    const prefetch = { observations: answers['Observation?patient=1'] };
    const authorization = { scope: 'patient/Condition.read' };
    expect(await provision('observations', { prefetch, authorization, fhir: fhir() })).toEqual({
      state: 'missing',
      reason: 'incomplete-page',
    });
    expect(server.seen).toEqual([]);
  });

  it('and shown again on a later page counts once', async () => {
    answers['Observation?page=2'] = searchset([observation('a'), observation('b')]);
    const prefetch = { observations: answers['Observation?patient=1'] };
    for (const request of [{ prefetch, fhir: fhir() }, { fhir: fhir() }]) {
      expect(await provision('observations', request)).toMatchObject({
        resources: [{ id: 'a' }, { id: 'b' }],
      });
    }
  });

  it.each([
    ['a failed part', { resourceType: 'OperationOutcome', issue: [{ severity: 'error' }] }, true],
    ['a fatal part', { resourceType: 'OperationOutcome', issue: [{ severity: 'fatal' }] }, true],
    ['a part of no severity', { resourceType: 'OperationOutcome', issue: [{}] }, true],
    ['information', { resourceType: 'OperationOutcome', issue: [{ severity: 'information' }] }, false],
    ['an unreadable outcome', { resourceType: 'OperationOutcome' }, true],
    ['a warning', { resourceType: 'OperationOutcome', issue: [{ severity: 'warning' }] }, false],
    ['another type', { resourceType: 'Task', id: 't' }, false],
    ['an empty entry', undefined, true],
  ])('beside %s is used, complete or not', async (_what, resource, incomplete) => {
    const entry = [{ resource: observation('a') }, { resource }];
    const prefetch = { observations: { resourceType: 'Bundle', entry } };
    const { provisions, setAside } = await gathered({ prefetch });
    expect(provisions.get('observations')).toMatchObject({ resources: [{ id: 'a' }], incomplete });
    expect([...setAside.values()]).toEqual([1]);
  });

  it('is incomplete when the client counted more than it sent', async () => {
    const prefetch = { observations: { ...searchset([observation('a')]), total: 2 } };
    expect(await provision('observations', { prefetch })).toMatchObject({ because: 'fewer-than-total' });
  });
});

describe('data of another patient', () => {
  const stranger = observation('planted-id', 'planted-patient');

  it.each<[string, Partial<GatherRequest>]>([
    ['prefetch.observations', { prefetch: { observations: searchset([observation('a'), stranger]) } }],
    ['prefetch.patient', { prefetch: { patient: { resourceType: 'Patient', id: 'planted-patient' } } }],
    ['context.draftOrders', { context: { patientId: '1', draftOrders: searchset([stranger]) } }],
    ['context.medication', { context: { patientId: '1', medication: stranger } }],
    ['fhirAuthorization.patient', { authorization: { patient: 'planted-patient' } }],
  ])('in the request refuse it, at %s, before any call', async (path, request) => {
    const context = { patientId: '1' };
    const result = await gather({ needs: NEEDS, context, patientId: '1', fhir: fhir(), ...request });
    expect(result).toEqual({ ok: false, problems: [{ path, message: expect.any(String) }] });
    expect(JSON.stringify(result)).not.toContain('planted');
    expect(server.seen).toEqual([]);
  });

  it('from the FHIR server are refused one by one, and the key is not complete', async () => {
    answers['Observation?page=2'] = searchset([stranger, observation('b')]);
    const { provisions, setAside } = await gathered({ fhir: fhir() });
    expect(provisions.get('observations')).toEqual({
      state: 'fetched',
      resources: [observation('a'), observation('b')],
      incomplete: true,
      because: 'another-patient',
    });
    expect([...setAside]).toEqual([['another-patient', 1]]);
  });

  it('are not what a token without a patient grants', async () => {
    const { provisions } = await gathered({ authorization: { patient: '' }, fhir: fhir() });
    expect(provisions.get('patient')).toMatchObject({ state: 'fetched' });
  });

  it('are not taken for it when the context says Patient/1', async () => {
    const { provisions } = await gathered({
      context: { patientId: 'Patient/1' },
      patientId: 'Patient/1',
      authorization: { patient: 'Patient/1' },
      fhir: fhir(),
    });
    expect([...provisions.values()].map(({ state }) => state)).toEqual(['fetched', 'fetched', 'fetched']);
  });
});

describe('what the token allows', () => {
  it('decides which keys are tried', async () => {
    const authorization = { scope: 'patient/Patient.r patient/Observation.rs?category=laboratory' };
    const { provisions, companions } = await gathered({ authorization, fhir: fhir() });
    expect(provisions.get('patient')).toMatchObject({ state: 'fetched', incomplete: false });
    expect(provisions.get('observations')).toMatchObject({ incomplete: true, because: 'scope' });
    expect(provisions.get('medications')).toEqual({ state: 'missing', reason: 'scope' });
    expect(companions).toEqual([]);
    expect(seenUrls().some((url) => url.includes('Medication'))).toBe(false);
  });

  it.each([0, -1])('is nothing when it has expired: %i', async (seconds) => {
    const request = { authorization: { expires_in: seconds }, fhir: fhir() };
    expect(await provision('patient', request)).toEqual({ state: 'missing', reason: 'token-expired' });
    expect(server.seen).toEqual([]);
  });
});

describe('a key that cannot be fetched', () => {
  it('says why, and takes nothing from the others', async () => {
    answers['Observation?patient=1'] = 403;
    const { provisions } = await gathered({ fhir: fhir() });
    expect(provisions.get('observations')).toEqual({ state: 'missing', reason: 'forbidden' });
    expect(provisions.get('patient')).toMatchObject({ state: 'fetched' });
  });

  it('because a token of its template has no value is not asked for', async () => {
    const needs = [{ key: 'e', resourceType: 'Encounter', template: 'Encounter/{{context.encounterId}}' }];
    expect(await provision('e', { needs, fhir: fhir() })).toEqual({
      state: 'missing',
      reason: 'token-unresolved',
    });
    expect(server.seen).toEqual([]);
  });

  it('costs all keys together no more than the budget', async () => {
    for (const query of Object.keys(answers)) answers[query] = 'never';
    const start = performance.now();
    const { provisions } = await gathered({ fhir: fhir(300) });
    // One after the other they would take three times the budget.
    expect(performance.now() - start).toBeLessThan(3 * 300);
    expect([...provisions.values()]).toEqual(Array(3).fill({ state: 'missing', reason: 'timeout' }));
  });
});
