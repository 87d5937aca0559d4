import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { chartAt, draftOf, isUndated, knownAt, pastOf } from '../../src/replay/as-of.js';
import { isBefore, momentOf, type Moment } from '../../src/replay/moment.js';

const moment = (text: string): Moment => {
  const found = momentOf(text);
  if (found === undefined) throw new TypeError(`${text} is no moment`);
  return found;
};

const active = { coding: [{ code: 'active' }] };

/** The chart of some resources at a moment. */
const at = (text: string, ...resources: readonly FhirResource[]): readonly FhirResource[] =>
  chartAt(pastOf(resources), moment(text));

describe('strictly before', () => {
  it.each([
    ['a day earlier', '2025-03-01', '2025-03-02T08:00:00+01:00', true],
    ['of the same day, without a time', '2025-03-02', '2025-03-02T23:59:00+01:00', false],
    ['of the same day, both without a time', '2025-03-02', '2025-03-02', false],
    ['with a time, of the day of a moment without', '2025-03-02T00:01:00Z', '2025-03-02', false],
    ['with a time, of the day before a moment without', '2025-03-01T23:59:00Z', '2025-03-02', true],
    ['the same instant in two offsets', '2025-03-02T10:00:00+01:00', '2025-03-02T09:00:00Z', false],
    ['an instant earlier in another offset', '2025-03-02T10:00:00+01:00', '2025-03-02T09:00:01Z', true],
    ['a month, in the month', '2025-03', '2025-03-31', false],
    ['a month, after it', '2025-03', '2025-04-01', true],
    ['a year, in the year', '2024', '2024-12-31', false],
  ])('%s', (_name, fact, event, expected) => {
    expect(isBefore(moment(fact), moment(event))).toBe(expected);
  });
});

describe('known at', () => {
  it.each<[string, FhirResource, string | undefined]>([
    [
      'a problem when it was recorded, not when it began',
      { resourceType: 'Condition', recordedDate: '2025-02-01', onsetDateTime: '2024-11-01' },
      '2025-02-01',
    ],
    [
      'a problem without a record when it began',
      { resourceType: 'Condition', onsetDateTime: '2024-11-01' },
      '2024-11-01',
    ],
    [
      'a result when it was issued, if that is later',
      {
        resourceType: 'Observation',
        effectiveDateTime: '2025-01-01T08:00:00Z',
        issued: '2025-01-02T08:00:00Z',
      },
      '2025-01-02T08:00:00Z',
    ],
    [
      'a result when it was measured, if that is later',
      { resourceType: 'DiagnosticReport', effectiveDateTime: '2025-01-03', issued: '2025-01-02T08:00:00Z' },
      '2025-01-03',
    ],
    [
      'a result over a period at its end',
      { resourceType: 'Observation', effectivePeriod: { start: '2025-01-01', end: '2025-01-05' } },
      '2025-01-05',
    ],
    [
      'an order when it was written',
      { resourceType: 'MedicationRequest', authoredOn: '2025-01-04' },
      '2025-01-04',
    ],
    [
      'an appointment when it was made',
      { resourceType: 'Appointment', created: '2025-01-04', start: '2025-02-04T09:00:00Z' },
      '2025-01-04',
    ],
    [
      'an appointment of which nobody says when it was made, at its start',
      { resourceType: 'Appointment', start: '2025-02-04T09:00:00Z' },
      '2025-02-04T09:00:00Z',
    ],
    ['an act at its date', { resourceType: 'Procedure', performedDateTime: '2025-01-04' }, '2025-01-04'],
    [
      'a document at its date',
      { resourceType: 'DocumentReference', date: '2025-01-04T10:00:00Z' },
      '2025-01-04T10:00:00Z',
    ],
    ['nothing that has no date', { resourceType: 'Procedure' }, undefined],
  ])('%s', (_name, resource, expected) => {
    expect(knownAt(resource)?.text).toBe(expected);
  });

  it('what has no date at all is seen always, and counted', () => {
    const undated: FhirResource = { resourceType: 'Procedure', id: 'p', status: 'completed' };
    expect(at('1990-01-01', undated)).toEqual([undated]);
    expect(isUndated(undated)).toBe(true);
    expect(isUndated({ resourceType: 'Patient', id: 'x' })).toBe(false);
  });

  it('a place on the body is known with what names it', () => {
    const place: FhirResource = { resourceType: 'BodyStructure', id: 'l1' };
    const score: FhirResource = {
      resourceType: 'Observation',
      id: 'o',
      effectiveDateTime: '2025-03-01',
      focus: [{ reference: 'BodyStructure/l1' }],
    };
    expect(at('2025-03-01', place, score)).toEqual([]);
    expect(at('2025-03-02', place, score)).toEqual([place, score]);
  });
});

describe('status as it was', () => {
  it('a problem that has abated was active before, and is over after the day of its end', () => {
    const condition: FhirResource = {
      resourceType: 'Condition',
      id: 'c',
      recordedDate: '2025-01-01',
      clinicalStatus: { coding: [{ code: 'resolved' }] },
      abatementDateTime: '2025-06-01',
    };
    const [before] = at('2025-06-01', condition);
    expect(before).toMatchObject({ clinicalStatus: active });
    expect(before).not.toHaveProperty('abatementDateTime');
    expect(at('2025-06-02', condition)).toEqual([condition]);
  });

  it('a problem that is over since nobody knows when keeps the status of today', () => {
    const condition: FhirResource = {
      resourceType: 'Condition',
      id: 'c',
      recordedDate: '2025-01-01',
      clinicalStatus: { coding: [{ code: 'resolved' }] },
    };
    expect(at('2025-06-02', condition)).toEqual([condition]);
  });

  it('a prescription that is completed was active until the end of its dosage', () => {
    const order: FhirResource = {
      resourceType: 'MedicationRequest',
      id: 'm',
      status: 'completed',
      authoredOn: '2025-01-01',
      dosageInstruction: [
        { timing: { repeat: { boundsPeriod: { start: '2025-01-01', end: '2025-03-31' } } } },
      ],
    };
    expect(at('2025-03-31', order)).toMatchObject([{ status: 'active' }]);
    expect(at('2025-04-01', order)).toMatchObject([{ status: 'completed' }]);
    expect(pastOf([order])[0]?.endless).toBe(false);
  });

  it.each(['MedicationRequest', 'ServiceRequest'])(
    'a %s without an end was active, and is counted',
    (resourceType) => {
      const order: FhirResource = { resourceType, id: 'm', status: 'completed', authoredOn: '2025-01-01' };
      expect(at('2026-01-01', order)).toMatchObject([{ status: 'active' }]);
      expect(pastOf([order])[0]?.endless).toBe(true);
    },
  );

  it.each(['active', 'revoked', 'entered-in-error', 'on-hold'])('a request that is %s stays so', (status) => {
    const order: FhirResource = { resourceType: 'ServiceRequest', id: 's', status, authoredOn: '2025-01-01' };
    expect(at('2026-01-01', order)).toEqual([order]);
  });

  it('a stay goes on until its end, which is not known before', () => {
    const stay: FhirResource = {
      resourceType: 'Encounter',
      id: 'e',
      status: 'finished',
      period: { start: '2025-01-01T08:00:00Z', end: '2025-01-05T10:00:00Z' },
    };
    expect(at('2025-01-01T08:00:00Z', stay)).toEqual([]);
    expect(at('2025-01-03', stay)).toMatchObject([
      { status: 'in-progress', period: { start: '2025-01-01T08:00:00Z' } },
    ]);
    expect(at('2025-01-03', stay)[0]?.['period']).not.toHaveProperty('end');
    expect(at('2025-01-06', stay)).toEqual([stay]);
  });

  it('an appointment was booked until it began', () => {
    const visit: FhirResource = {
      resourceType: 'Appointment',
      id: 'a',
      status: 'fulfilled',
      created: '2025-01-01',
      start: '2025-02-01T09:00:00Z',
    };
    expect(at('2025-02-01T09:00:00Z', visit)).toMatchObject([{ status: 'booked' }]);
    expect(at('2025-02-01T09:00:01Z', visit)).toEqual([visit]);
  });

  it('who has died lived before', () => {
    const patient: FhirResource = { resourceType: 'Patient', id: 'p', deceasedDateTime: '2025-05-01' };
    expect(at('2025-05-01', patient)[0]).not.toHaveProperty('deceasedDateTime');
    expect(at('2025-05-02', patient)).toEqual([patient]);
    const undated: FhirResource = { resourceType: 'Patient', id: 'p', deceasedBoolean: true };
    expect(at('2025-05-02', undated)[0]).not.toHaveProperty('deceasedBoolean');
  });

  it('what the moment is about is not in the chart', () => {
    const undated: FhirResource = { resourceType: 'MedicationRequest', id: 'm', status: 'active' };
    expect(chartAt(pastOf([undated]), moment('2025-01-01'), 'MedicationRequest/m')).toEqual([]);
  });
});

describe('a draft', () => {
  it('of an order is a draft, whatever became of it', () => {
    const order: FhirResource = {
      resourceType: 'MedicationRequest',
      id: 'm',
      status: 'stopped',
      statusReason: { text: 'pain' },
      dosageInstruction: [{ text: 'weekly' }],
    };
    expect(draftOf(order)).toEqual({
      resourceType: 'MedicationRequest',
      id: 'm',
      status: 'draft',
      dosageInstruction: [{ text: 'weekly' }],
    });
  });

  it('of a problem is active, unless it was over when it was recorded', () => {
    const resolved = { coding: [{ code: 'resolved' }] };
    const recordedDate = '2025-01-01';
    const problem = { resourceType: 'Condition', id: 'c', recordedDate, clinicalStatus: resolved };
    expect(draftOf(problem)).toMatchObject({ clinicalStatus: active });
    expect(draftOf({ ...problem, abatementDateTime: '2025-06-01' })).toMatchObject({
      clinicalStatus: active,
    });
    const old = { ...problem, abatementDateTime: '2024-06-01' };
    expect(draftOf(old)).toEqual(old);
  });
});
