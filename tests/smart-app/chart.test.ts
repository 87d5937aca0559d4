import { describe, expect, it } from '@jest/globals';
import {
  ChartFault,
  FhirFailure,
  chartTypes,
  collectionBundle,
  languageOf,
  nameOf,
  readChart,
  sourceText,
  type Read,
} from '../../src/smart-app/chart.js';

const base = 'https://ehr.example/fhir';
const patient = { resourceType: 'Patient', id: 'p1' };
const of = (type: string, id: string, subject = 'Patient/p1') => ({
  resourceType: type,
  id,
  subject: { reference: subject },
});

function ehr(pages: Readonly<Record<string, unknown>>): { read: Read; asked: string[] } {
  const asked: string[] = [];
  const read: Read = (address) => {
    asked.push(address);
    const page = Object.entries({ 'Patient/p1': patient, ...pages }).find(([start]) =>
      address.startsWith(start),
    )?.[1];
    if (page instanceof Error) return Promise.reject(page);
    return Promise.resolve(page ?? { resourceType: 'Bundle', entry: [] });
  };
  return { read, asked };
}

const bundle = (resources: readonly unknown[], next?: string) => ({
  resourceType: 'Bundle',
  entry: resources.map((resource) => ({ resource })),
  ...(next !== undefined && { link: [{ relation: 'next', url: next }] }),
});

describe('reading the chart', () => {
  it('asks once for each type and follows the pages', async () => {
    const { read, asked } = ehr({
      'Observation?': bundle([of('Observation', 'a')], `${base}/Observation/_next?page=2`),
      [`${base}/Observation/_next`]: bundle([of('Observation', 'b')]),
    });
    const chart = await readChart(read, base, 'p1');
    expect(chart.resources.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(chart.unread).toEqual([]);
    expect(asked).toHaveLength(chartTypes.length + 2);
  });

  it('does not send the token to a page of another server', async () => {
    const { read, asked } = ehr({
      'Observation?': bundle([of('Observation', 'a')], 'https://elsewhere.example/fhir?page=2'),
    });
    const chart = await readChart(read, base, 'p1');
    expect(asked.some((address) => address.includes('elsewhere'))).toBe(false);
    expect(chart.unread).toEqual(['Observation']);
  });

  it('does not follow a page beside the base of the same server', async () => {
    const { read } = ehr({ 'Condition?': bundle([], 'https://ehr.example/fhir-admin/x') });
    expect((await readChart(read, base, 'p1')).unread).toEqual(['Condition']);
  });

  it('follows pages that hang on the base itself', async () => {
    const { read } = ehr({
      'Condition?': bundle([], `${base}?_getpages=abc`),
      [`${base}?_getpages`]: bundle([of('Condition', 'c')]),
    });
    const chart = await readChart(read, base, 'p1');
    expect(chart.resources.map(({ id }) => id)).toEqual(['c']);
  });

  it('says which types were refused and keeps the others', async () => {
    const { read } = ehr({
      'Procedure?': new FhirFailure(403),
      'Condition?': bundle([of('Condition', 'c')]),
    });
    const chart = await readChart(read, base, 'p1');
    expect(chart.unread).toEqual(['Procedure']);
    expect(chart.resources).toHaveLength(1);
  });

  it.each([
    ['the session is over', { 'Observation?': new FhirFailure(401) }, 'session'],
    ['the Patient is refused', { 'Patient/p1': new FhirFailure(403) }, 'unreadable'],
    ['another Patient comes', { 'Patient/p1': { resourceType: 'Patient', id: 'p2' } }, 'other-patient'],
    [
      "another patient's result comes",
      { 'Observation?': bundle([of('Observation', 'x', 'Patient/p2')]) },
      'other-patient',
    ],
  ])('stops when %s', async (_case, pages, kind) => {
    const { read } = ehr(pages);
    await expect(readChart(read, base, 'p1')).rejects.toMatchObject({ name: 'ChartFault', kind });
    await expect(readChart(read, base, 'p1')).rejects.toBeInstanceOf(ChartFault);
  });

  it('accepts absolute references to the same patient', async () => {
    const { read } = ehr({ 'Condition?': bundle([of('Condition', 'c', `${base}/Patient/p1`)]) });
    expect((await readChart(read, base, 'p1')).resources).toHaveLength(1);
  });

  it('hands the whole chart over as one collection', async () => {
    const { read } = ehr({ 'Condition?': bundle([of('Condition', 'c')]) });
    expect(collectionBundle(await readChart(read, base, 'p1'))).toEqual({
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ resource: patient }, { resource: of('Condition', 'c') }],
    });
  });
});

describe('words of the chart', () => {
  it('takes the official name and the preferred language', () => {
    const person = {
      resourceType: 'Patient',
      name: [{ given: ['Nan'] }, { use: 'official', given: ['Anna', 'Maria'], family: 'Lindqvist' }],
      communication: [
        { language: { coding: [{ code: 'en' }] } },
        { language: { coding: [{ code: 'fr-FR' }] }, preferred: true },
      ],
    };
    expect(nameOf(person)).toBe('Anna Maria Lindqvist');
    expect(languageOf(person)).toBe('fr-FR');
    expect(languageOf({ communication: [{ coding: [{ code: 'fr' }] }] })).toBe('fr');
    expect(languageOf({})).toBeUndefined();
    expect(nameOf({ resourceType: 'Patient' })).toBe('');
  });

  it('names evidence by its code, or by its reference when it has no words', () => {
    const condition = { ...of('Condition', 'c'), code: { coding: [{ display: 'Lung cancer' }] } };
    const chart = { patient, resources: [condition], unread: [] };
    expect(sourceText('Condition/c', chart)).toBe('Lung cancer');
    expect(sourceText('Condition/other', chart)).toBeUndefined();
  });
});
