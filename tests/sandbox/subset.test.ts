import { describe, expect, it } from '@jest/globals';
import { subsetOf } from '../../src/sandbox/fhir/subset.js';

const whole = {
  resourceType: 'Observation',
  id: 'o1',
  meta: { versionId: '1', tag: [{ code: 'own' }] },
  text: { status: 'generated', div: '<div/>' },
  contained: [{ resourceType: 'Patient' }],
  status: 'final',
  code: { text: 'x' },
  subject: { reference: 'Patient/p1' },
  valueInteger: 3,
};
const namesOf = (query: string): readonly string[] =>
  Object.keys(subsetOf([...new URLSearchParams(query)])(whole)).sort();

describe('what is left of a resource', () => {
  it.each([
    ['_elements=status,valueInteger', ['id', 'meta', 'resourceType', 'status', 'valueInteger']],
    ['_elements=Observation.status', ['id', 'meta', 'resourceType', 'status']],
    ['_summary=text', ['code', 'id', 'meta', 'resourceType', 'status', 'subject', 'text']],
    [
      '_summary=data',
      ['code', 'contained', 'id', 'meta', 'resourceType', 'status', 'subject', 'valueInteger'],
    ],
    ['_summary=true', ['code', 'id', 'meta', 'resourceType', 'status', 'subject', 'valueInteger']],
    ['_summary=false', Object.keys(whole).sort()],
    ['', Object.keys(whole).sort()],
  ])('by %s', (query, names) => {
    expect(namesOf(query)).toEqual(names);
  });

  it('is marked as not whole, beside the tags that it has', () => {
    const { meta } = subsetOf([['_elements', 'status']])(whole);
    expect(meta).toMatchObject({ versionId: '1', tag: [{ code: 'own' }, { code: 'SUBSETTED' }] });
    expect(subsetOf([])(whole)).toBe(whole);
  });

  it('is nothing for a summary that R4 does not know', () => {
    expect(() => subsetOf([['_summary', 'yes']])).toThrow();
  });
});
