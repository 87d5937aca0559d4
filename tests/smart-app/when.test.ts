import { describe, expect, it } from '@jest/globals';
import { readAppContext } from '../../src/smart-app/app-context.js';
import { subjectKey, subjectOfKey, type Subject } from '../../src/smart-app/subject.js';
import { ageInYears, civilDay, fhirInstant, isOlderThan } from '../../src/smart-app/when.js';
import { dateText, shortDateText } from '../../src/ui/date-text.js';
import { readSpoken } from '../../src/knowledge/read/spoken.js';
import { firstSpoken } from '../../src/ui/speech.js';

const { languages } = await readSpoken();
const [en = { locale: '' }, fr = en] = languages;

describe('old evidence', () => {
  it.each([
    ['2026-08-21', false],
    ['2026-08-20', true],
    ['2026-08', false],
    ['2026-07', true],
    ['2026', false],
    ['2025', true],
    ['2026-08-20T23:30:00+02:00', true],
  ])('of %s is old on 21 November 2026: %s', (date, old) => {
    expect(isOlderThan(date, 3, '2026-11-21')).toBe(old);
  });

  it('counts from the last day of a shorter month', () => {
    expect(isOlderThan('2026-02-28', 3, '2026-05-31')).toBe(false);
    expect(isOlderThan('2026-02-27', 3, '2026-05-31')).toBe(true);
  });
});

describe('dates', () => {
  it('are written at their own precision', () => {
    expect(dateText('2026-10-02', en)).toBe('2 Oct 2026');
    expect(dateText('2026-10-02T23:59:00Z', fr)).toBe('2 oct. 2026');
    expect(dateText('2026-10', fr)).toBe('oct. 2026');
    expect(dateText('2026', en)).toBe('2026');
    expect(shortDateText('2026-10-02', fr, '2026-11-21')).toBe('2 oct.');
    expect(shortDateText('2025-10-02', fr, '2026-11-21')).toBe('2 oct. 2025');
  });

  it('name the first of a month in French as people do', () => {
    expect(dateText('2026-12-01', fr)).toBe('1er déc. 2026');
    expect(shortDateText('2026-11-01', fr, '2026-11-21')).toBe('1er nov.');
    expect(dateText('2026-12-01', en)).toBe('1 Dec 2026');
    expect(dateText('2026-12-11', fr)).toBe('11 déc. 2026');
  });

  it('give an age only when the birthday is known to the day', () => {
    expect(ageInYears('1961-11-22', '2026-11-21')).toBe(64);
    expect(ageInYears('1961-11-21', '2026-11-21')).toBe(65);
    expect(ageInYears('1961-11', '2026-11-21')).toBeUndefined();
  });

  it('are written as a FHIR instant that means the same moment', () => {
    const clock = new Date('2026-11-21T09:30:15.400Z');
    const written = fhirInstant(clock);
    expect(written).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$/);
    expect(Date.parse(written)).toBe(Date.parse('2026-11-21T09:30:15Z'));
    expect(civilDay(clock)).toBe(written.slice(0, 10));
  });
});

describe('the context of a launch', () => {
  it('is read from the text that the card gave', () => {
    const appContext = '{"score":"sins","lesion":"BodyStructure/l1"}';
    expect(readAppContext({ appContext })).toEqual({ score: 'sins', lesion: 'BodyStructure/l1' });
  });

  it.each([
    [undefined],
    [{ appContext: 'not json' }],
    [{ appContext: '[]' }],
    [{ appContext: '{"score":"../x","lesion":"javascript:alert(1)","language":"German"}' }],
  ])('that is not understood (%j) is left out', (response) => {
    expect(readAppContext(response)).toEqual({});
  });
});

describe('the language', () => {
  it('is the first that is spoken', () => {
    expect(firstSpoken([undefined, 'de-DE', 'fr-CA', 'en'], languages)).toBe('fr');
    expect(firstSpoken(['it'], languages)).toBe('en');
    const more = [...languages, { code: 'fro', name: 'Franceis', locale: 'fr-FR' }];
    expect(firstSpoken(['FRO', 'fr'], more)).toBe('fro');
  });
});

describe('a subject', () => {
  it.each<Subject>([
    { kind: 'patient' },
    { kind: 'lesion', reference: 'BodyStructure/l1' },
    { kind: 'site', site: 'femur-shaft' },
  ])('%j comes back from its key', (subject) => {
    expect(subjectOfKey(subjectKey(subject))).toEqual(subject);
  });

  it('of an unknown key is none', () => {
    expect(subjectOfKey('lesion:')).toBeUndefined();
  });
});
