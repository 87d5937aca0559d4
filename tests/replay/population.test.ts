import { beforeAll, describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { formulary, person } from '../../src/population/person.js';
import { recordStyles, type RecordStyle } from '../../src/population/records.js';
import { playPatient, type Terms } from '../../src/replay/patient.js';
import { openPlayer, type Player } from '../../src/replay/play.js';
import { pseudonyms } from '../../src/replay/pseudonym.js';
import { emptyTally, type Tally } from '../../src/replay/tally.js';

/** Epoch day of 1 November 2026. */
const today = 20758;
const terms: Terms = {
  services: undefined,
  from: -1_000_000,
  to: 1_000_000,
  today,
  language: 'en',
  allPatients: false,
};

interface Line {
  readonly patient: string;
  readonly at: string;
  readonly service: string;
  readonly rule: string;
  readonly outcome: string;
  readonly repeat: boolean;
  readonly shown: boolean;
}

let player: Player;
let styles: readonly [RecordStyle, RecordStyle];
let drugs: readonly FhirResource[];

beforeAll(async () => {
  player = await openPlayer({ localKnowledge: undefined, edition: '2024' });
  styles = await recordStyles();
  drugs = styles.flatMap(formulary);
});

const play = async (
  id: string,
  resources: readonly FhirResource[],
  tally: Tally = emptyTally(),
  changes: Partial<Terms> = {},
): Promise<readonly Line[]> => {
  const names = pseudonyms('a key', true);
  const lines = await playPatient(
    player,
    id,
    [...resources, ...drugs],
    { ...terms, ...changes },
    names,
    tally,
  );
  return lines.map((line) => JSON.parse(line) as Line);
};

describe('a made-up population', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(person(3, 5, styles, 1)).toEqual(person(3, 5, styles, 1));
    expect(person(3, 5, styles, 1)).not.toEqual(person(4, 5, styles, 1));
  });

  it('has American and French records', () => {
    const people = Array.from({ length: 12 }, (_, index) => person(1, index, styles, 1));
    const orders = people.map(({ resources }) =>
      resources.find(({ resourceType }) => resourceType === 'MedicationRequest'),
    );
    const named = orders.map((order) =>
      Object.keys(order ?? {}).find((name) => name.startsWith('medication')),
    );
    expect(new Set(named)).toEqual(new Set(['medicationReference', 'medicationCodeableConcept']));
  });

  it.each([1, 2, 3])('with seed %i hears what must be said of it, and not what must not', async (seed) => {
    const people = Array.from({ length: 12 }, (_, index) => person(seed, index, styles, 0.7));
    const wrong: string[] = [];
    let expected = 0;
    for (const each of people) {
      const said = new Set(
        (await play(each.id, each.resources))
          .filter(({ outcome }) => outcome === 'fires')
          .map(({ at, rule }) => `${at} ${rule}`),
      );
      if (!each.hasLesion) expect(said.size).toBe(0);
      for (const { at, rule, fires, because } of each.expected) {
        expected++;
        if (said.has(`${at} ${rule}`) !== fires) wrong.push(`${each.id} ${at} ${rule}: ${because}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(expected).toBeGreaterThan(30);
  });
});

describe('as of the moment', () => {
  const rule = 'dental-assessment-before-antiresorptive';
  const subject = { reference: 'Patient/p' };
  const chart = (
    checked: string,
    elements: Readonly<Record<string, unknown>> = {},
  ): readonly FhirResource[] => [
    { resourceType: 'Patient', id: 'p', gender: 'female', birthDate: '1960-05-05' },
    {
      resourceType: 'Condition',
      id: 'bone',
      clinicalStatus: { coding: [{ code: 'active' }] },
      code: { coding: [{ system: 'http://snomed.info/sct', code: '94222008' }] },
      subject,
      recordedDate: '2025-01-10',
    },
    {
      resourceType: 'MedicationRequest',
      id: 'order',
      status: 'active',
      intent: 'order',
      medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'M05BX04' }] },
      subject,
      authoredOn: '2025-02-01T10:00:00+01:00',
    },
    {
      resourceType: 'Procedure',
      id: 'dental',
      status: 'completed',
      code: { coding: [{ system: 'http://snomed.info/sct', code: '34043003' }] },
      subject,
      performedDateTime: checked,
      ...elements,
    },
  ];
  const fired = async (resources: readonly FhirResource[]): Promise<boolean> =>
    (await play('p', resources)).some((line) => line.rule === rule && line.outcome === 'fires');

  it.each([
    ['the month before the order silences it', '2025-01-05', false],
    ['the day before silences it', '2025-01-31', false],
    ['of the same day, without a time, does not: it may have come after', '2025-02-01', true],
    ['an hour before silences it', '2025-02-01T09:00:00+01:00', false],
    ['an hour after does not', '2025-02-01T11:00:00+01:00', true],
    ['the month after does not', '2025-03-01', true],
  ])('a dental check %s', async (_name, checked, expected) => {
    expect(await fired(chart(checked))).toBe(expected);
  });

  it('asks a service only about orders of a kind that its rules read', async () => {
    const tally = emptyTally();
    const paracetamol = {
      resourceType: 'MedicationRequest',
      id: 'other',
      status: 'active',
      intent: 'order',
      medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'C09AA03' }] },
      subject,
      authoredOn: '2025-02-03',
    };
    await play('p', [...chart('2025-01-05'), paracetamol], tally);
    expect(tally.events).toEqual({ 'bone-metastasis-onset': 1, 'antiresorptive-safety': 1 });
  });

  it('counts every event once for each rule, and what was said again about the same facts', async () => {
    const visits = ['2025-03-01T08:00:00Z', '2025-04-01T08:00:00Z'].map((start, index) => ({
      resourceType: 'Encounter',
      id: `e${index}`,
      status: 'finished',
      class: { code: 'AMB' },
      subject,
      participant: [{ individual: { reference: 'Practitioner/dr' } }],
      period: { start },
    }));
    const tally = emptyTally();
    const lines = await play('p', [...chart('2025-01-05'), ...visits], tally);
    expect(tally.events['bone-metastasis-review']).toBe(2);
    for (const { fires, silent, unknown, failed } of Object.values(tally.rules))
      expect(fires + silent + unknown + failed).toBeLessThanOrEqual(4);
    const [first = [], second = []] = visits.map(({ period }) =>
      lines.filter(({ at }) => at === period.start),
    );
    const firstRules = new Set(first.map((line) => line.rule));
    expect(second.filter((line) => line.repeat).every((line) => firstRules.has(line.rule))).toBe(true);
    expect(tally.clinicianDays['bone-metastasis-review']).toHaveLength(2);
    expect(tally.patientMonths).toBe(4);
  });

  it('plays nothing that lies in the future, and only the period that was asked for', async () => {
    const tally = emptyTally();
    const day = Date.UTC(2025, 0, 20) / 86_400_000;
    await play('p', chart('2025-01-05'), tally, { today: day });
    expect(tally.events).toEqual({ 'bone-metastasis-onset': 1 });
    expect(tally.futureEvents).toBe(1);
    const later = emptyTally();
    await play('p', chart('2025-01-05'), later, { from: day });
    expect(later.events).toEqual({ 'antiresorptive-safety': 1 });
  });

  it('never shows a sample that names the patient', async () => {
    const named = {
      resourceType: 'Patient',
      id: 'p',
      name: [{ family: 'Denosumab', given: ['Zoledronic'] }],
    };
    const tally = emptyTally();
    await play('p', [named, ...chart('2025-03-01').slice(1)], tally);
    expect(tally.rules[rule]?.fires).toBe(1);
    expect(tally.samples.map((sample) => sample.rule)).not.toContain(rule);
  });
});
