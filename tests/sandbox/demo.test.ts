import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { loadDemoPatients, loadDemoStories } from '../../src/sandbox/demo.js';
import { elementsAt, type FhirResource } from '../../src/sandbox/fhir/resource.js';
import { sandboxStore } from '../../src/sandbox/fhir/store.js';

const folder = 'fixtures/patients/demo';
const anchor = '2026-11-20';
const charts = loadDemoPatients(folder, anchor);

function resource(all: readonly FhirResource[], id: string): FhirResource {
  const found = all.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
}

describe('the demo patients', () => {
  it('are accepted by the sandbox, with one Patient for each story and both languages', () => {
    const store = sandboxStore(charts);
    const stories = loadDemoStories(folder);
    expect(stories.map(({ patient }) => patient).sort()).toEqual(
      store.search('Patient', [['_sort', '_id']]).matches.map(({ id }) => id),
    );
    expect(stories.length).toBeGreaterThanOrEqual(12);
    expect(store.search('Practitioner', []).total).toBe(1);
    expect(store.search('Patient', [['language', 'fr-FR']]).total).toBe(7);
    expect(store.search('Patient', [['language', 'en-GB']]).total).toBe(5);
  });

  it('refer only to what is there', () => {
    const known = new Set(charts.map(({ resourceType, id }) => `${resourceType}/${String(id)}`));
    const files = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8'));
    const references = files.flatMap((text) =>
      [...text.matchAll(/"reference": "([^"]+)"/g)].map(([, to]) => to ?? ''),
    );
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter((reference) => !known.has(reference))).toEqual([]);
  });

  it('hold no resource of another patient, and no date after the anchor', () => {
    for (const file of readdirSync(folder).filter((name) => name !== 'stories.json')) {
      const text = readFileSync(`${folder}/${file}`, 'utf8');
      const patients = new Set([...text.matchAll(/"reference": "(Patient\/[^"]+)"/g)].map(([, to]) => to));
      expect([...patients]).toEqual([`Patient/${file.replace('.json', '')}`]);
      const dates = [...text.matchAll(/": "(\d{4}-\d{2}-\d{2})[T"]/g)].map(([, date]) => date ?? '');
      expect(dates.filter((date) => date > anchor)).toEqual([]);
    }
  });

  it('have a UCUM code with every quantity, except where the chart is imperfect on purpose', () => {
    const bare = charts.filter((candidate) =>
      elementsAt(candidate, 'valueQuantity').some((quantity) => elementsAt(quantity, 'code').length === 0),
    );
    expect(bare.map(({ id }) => id)).toEqual([
      'luc-girard-creatinine-two-codings',
      'luc-girard-platelets-mm3',
    ]);
  });

  it('tell the stories: a SINS of 10, a clearance of 26 ten days ago, filgrastim six days ago', () => {
    const sins = resource(charts, 'claire-moreau-sins');
    expect(sins.valueInteger).toBe(10);
    expect(elementsAt(sins, 'component')).toHaveLength(6);
    expect(elementsAt(resource(charts, 'paul-lefevre-clearance'), 'valueQuantity.value')).toEqual([26]);
    expect(resource(charts, 'paul-lefevre-clearance').effectiveDateTime).toMatch(/^2026-11-10T/);
    expect(resource(charts, 'thomas-baker-filgrastim-5').effectiveDateTime).toMatch(/^2026-11-14T/);
    const dental = charts.filter((candidate) => JSON.stringify(candidate).includes('dental'));
    expect(dental.filter(({ id }) => String(id).startsWith('john-whitfield'))).toEqual([]);
  });
});

describe('time in the demo', () => {
  it.each<[string, string, string, string]>([
    ['a day later', '2026-11-21', '2026-11-11', '1948-02-11'],
    ['a year and a half later', '2028-05-20', '2028-05-10', '1949-02-11'],
    ['before the anchor', '2026-10-20', '2026-10-10', '1948-02-11'],
  ])('keeps the age of results and moves birthdays by whole years: %s', (_when, today, measured, born) => {
    const moved = loadDemoPatients(folder, today);
    expect(String(resource(moved, 'paul-lefevre-clearance').effectiveDateTime).slice(0, 10)).toBe(measured);
    expect(resource(moved, 'paul-lefevre').birthDate).toBe(born);
  });

  it('keeps the precision of partial dates and leaves codes alone', () => {
    const moved = loadDemoPatients(folder, '2027-11-20');
    expect(resource(moved, 'luc-girard-creatinine-two-codings').effectiveDateTime).toBe('2026');
    expect(resource(moved, 'luc-girard-metastasis').onsetDateTime).toBe('2027-10');
    const codes = (all: readonly FhirResource[]): readonly unknown[] =>
      all.flatMap((candidate) => elementsAt(candidate, 'medicationCodeableConcept.coding.code'));
    expect(codes(moved)).toEqual(codes(charts));
  });
});
