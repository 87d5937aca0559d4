import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/sandbox/fhir/resource.js';
import { sandboxStore } from '../../src/sandbox/fhir/store.js';
import { fhirServer, idsIn, linkIn, resourcesIn, type FhirServer } from './fhir-server.js';

const loinc = 'http://loinc.org';
const lab = (id: string, code: string, when: string, more: object = {}): FhirResource => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  category: [
    {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }],
    },
  ],
  code: { coding: [{ system: loinc, code }] },
  subject: { reference: 'Patient/p1' },
  effectiveDateTime: when,
  ...more,
});

const chart: readonly FhirResource[] = [
  {
    resourceType: 'Patient',
    id: 'p1',
    name: [{ family: 'Lefèvre', given: ['Paul'] }],
    birthDate: '1948-02-11',
    gender: 'male',
  },
  {
    resourceType: 'Patient',
    id: 'p2',
    name: [{ text: 'Emily Carter', family: 'Carter', given: ['Emily'] }],
    gender: 'female',
  },
  {
    resourceType: 'Medication',
    id: 'm1',
    code: { coding: [{ system: 'http://www.whocc.no/atc', code: 'M05BX04' }] },
  },
  {
    resourceType: 'MedicationRequest',
    id: 'r1',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/p1' },
    medicationReference: { reference: 'Medication/m1' },
    authoredOn: '2026-10-01',
  },
  lab('o1', '14682-9', '2026-11-10T08:00:00+01:00'),
  lab('o2', '14682-9', '2026-11-01'),
  lab('o3', '35591-7', '2026-10'),
  lab('o4', '35591-7', '2025', {
    status: 'preliminary',
    subject: { reference: 'http://ehr.example.org/fhir/Patient/p1' },
  }),
  lab('o5', '14682-9', '2026-11-12', {
    subject: { reference: 'Patient/p2' },
    focus: [{ reference: 'BodyStructure/b1' }],
  }),
  lab('o6', 'LOCAL', '2026-11-12', {
    code: { coding: [{ code: 'LOCAL' }, { system: loinc, code: '2000-8' }] },
  }),
  {
    resourceType: 'Condition',
    id: 'c1',
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
    },
    verificationStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'confirmed' }],
    },
    code: {
      coding: [
        { system: 'http://snomed.info/sct', code: '94274006' },
        { system: 'http://hl7.org/fhir/sid/icd-10', code: 'C795' },
      ],
    },
    bodySite: [{ coding: [{ system: 'http://snomed.info/sct', code: '7610001' }] }],
    subject: { reference: 'Patient/p1' },
    onsetPeriod: { start: '2026-09-01' },
  },
  {
    resourceType: 'Appointment',
    id: 'a1',
    status: 'booked',
    start: '2026-12-01T10:00:00Z',
    participant: [
      { actor: { reference: 'Patient/p1' }, status: 'accepted' },
      { actor: { reference: 'Practitioner/d1' }, status: 'accepted' },
    ],
  },
];

let server: FhirServer;
beforeAll(async () => {
  server = await fhirServer(sandboxStore(chart));
});
afterAll(() => {
  server.close();
});

describe('search finds', () => {
  it.each<[string, string, readonly string[]]>([
    ['a patient given as a bare id', '/Observation?patient=p2', ['o5']],
    ['a patient given as a reference', '/Observation?patient=Patient/p2', ['o5']],
    [
      'a patient given as an absolute reference',
      '/Observation?subject=http://x.example/fhir/Patient/p2',
      ['o5'],
    ],
    ['a reference stored as an absolute one', '/Observation?patient=p1&status=preliminary', ['o4']],
    ['a typed reference', '/Observation?subject:Patient=p2', ['o5']],
    ['nothing for a reference to another type', '/Observation?patient=Practitioner/p2', []],
    ['system and code', `/Observation?patient=p1&code=${loinc}|14682-9`, ['o1', 'o2']],
    ['a code of any system', '/Observation?patient=p1&code=35591-7', ['o3', 'o4']],
    ['a code that has no system', '/Observation?code=|LOCAL', ['o6']],
    ['nothing for a system that the coding has not', `/Observation?code=${loinc}|LOCAL`, []],
    ['the second of two codings', `/Observation?code=${loinc}|2000-8`, ['o6']],
    ['any code of a system', '/Condition?code=http://hl7.org/fhir/sid/icd-10|', ['c1']],
    [
      'one of several codes',
      `/Observation?patient=p1&code=${loinc}|2000-8,${loinc}|35591-7`,
      ['o3', 'o4', 'o6'],
    ],
    ['all but a status', '/Observation?patient=p1&status:not=final', ['o4']],
    [
      'a status whose system is implied',
      '/Observation?status=http://hl7.org/fhir/observation-status|preliminary',
      ['o4'],
    ],
    ['a category', '/Observation?patient=p2&category=laboratory', ['o5']],
    ['a focus', '/Observation?focus=BodyStructure/b1', ['o5']],
    ['what lacks an element', '/Observation?patient=p2&focus:missing=false', ['o5']],
    [
      'clinical and verification status',
      '/Condition?patient=p1&clinical-status=active&verification-status=confirmed',
      ['c1'],
    ],
    ['a body site', '/Condition?body-site=http://snomed.info/sct|7610001', ['c1']],
    ['an open period', '/Condition?onset-date=gt2026-11-01', ['c1']],
    ['nothing before an open period', '/Condition?onset-date=lt2026-09-01', []],
    ['dates from a day on', '/Observation?patient=p1&date=ge2026-11-10', ['o1', 'o6']],
    ['dates between two days', '/Observation?patient=p1&date=ge2026-11-01&date=lt2026-11-10', ['o2']],
    ['a month that contains a day', '/Observation?patient=p1&date=2026-11', ['o1', 'o2', 'o6']],
    [
      'a partial date that reaches beyond',
      '/Observation?patient=p1&date=gt2026-10-15',
      ['o1', 'o2', 'o3', 'o6'],
    ],
    ['not a year by one of its days', '/Observation?patient=p1&date=2025-06-01', []],
    ['a name without its accent', '/Patient?name=lefevre', ['p1']],
    ['a name from its beginning only', '/Patient?family=fevre', []],
    ['a part of a name when asked', '/Patient?family:contains=fevre', ['p1']],
    ['a birth year', '/Patient?birthdate=1948', ['p1']],
    ['a gender', '/Patient?gender=female', ['p2']],
    ['an appointment by patient', '/Appointment?patient=p1', ['a1']],
    ['an appointment by actor', '/Appointment?actor=Practitioner/d1', ['a1']],
    [
      'a medication request by medication',
      '/MedicationRequest?medication=Medication/m1&intent=order',
      ['r1'],
    ],
    ['a medication request by date', '/MedicationRequest?authoredon=ge2026-10-01', ['r1']],
    ['several ids', '/Observation?_id=o1,o3', ['o1', 'o3']],
    ['all that was updated since', '/Medication?_lastUpdated=ge2020', ['m1']],
  ])('%s', async (_what, path, ids) => {
    const { status, body } = await server.send('GET', path);
    expect(status).toBe(200);
    expect(idsIn(body)).toEqual(ids);
    expect(body.total).toBe(ids.length);
  });

  it('the same by POST _search', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const { status, body } = await server.send(
      'POST',
      '/Observation/_search',
      'patient=p2&_sort=-date',
      form,
    );
    expect([status, idsIn(body)]).toEqual([200, ['o5']]);
    expect((await server.send('POST', '/Observation/_search', '{}')).status).toBe(415);
  });

  it('the newest first, and the undecided by id', async () => {
    const { body } = await server.send('GET', '/Observation?patient=p1&_sort=-date');
    expect(idsIn(body)).toEqual(['o6', 'o1', 'o2', 'o3', 'o4']);
    const byStatus = await server.send('GET', '/Observation?patient=p1&_sort=status,date');
    expect(idsIn(byStatus.body)).toEqual(['o3', 'o2', 'o1', 'o6', 'o4']);
  });

  it('only the count when that is asked', async () => {
    for (const control of ['_summary=count', '_count=0']) {
      const { body } = await server.send('GET', `/Observation?patient=p1&${control}`);
      expect([body.total, body.entry]).toEqual([5, undefined]);
    }
  });

  it('the medication of a request with _include, marked as such and not counted', async () => {
    const { body } = await server.send(
      'GET',
      '/MedicationRequest?patient=p1&_include=MedicationRequest:medication',
    );
    expect(resourcesIn(body).map(({ resourceType }) => resourceType)).toEqual([
      'MedicationRequest',
      'Medication',
    ]);
    expect(body.total).toBe(1);
    expect(body.entry).toMatchObject([{ search: { mode: 'match' } }, { search: { mode: 'include' } }]);
  });

  it('a subject once, however many matches refer to it, and none when another type is asked for', async () => {
    const included = await server.send('GET', '/Observation?patient=p1&_count=2&_include=*:subject');
    expect(idsIn(included.body)).toEqual(['o1', 'o2', 'p1']);
    const none = await server.send(
      'GET',
      '/Observation?patient=p1&_count=2&_include=Observation:subject:Group',
    );
    expect(idsIn(none.body)).toEqual(['o1', 'o2']);
    expect((await server.send('GET', '/Observation?_include=Condition:subject')).status).toBe(400);
  });

  it('every match exactly once over all pages', async () => {
    const seen: unknown[] = [];
    let url: string | undefined = '/Observation?patient=p1&_sort=-date&_count=2';
    while (url !== undefined) {
      const { body } = await server.send('GET', url);
      expect(body.total).toBe(5);
      seen.push(...idsIn(body));
      url = linkIn(body, 'next');
    }
    expect(seen).toEqual(['o6', 'o1', 'o2', 'o3', 'o4']);
  });
});
