import { describe, expect, it } from '@jest/globals';
import type { ValueSet, ValueSetCompose } from 'fhir/r4.js';
import fc from 'fast-check';
import { compileValueSets, type Terminology } from '../../src/terminology/value-sets.js';

const ICD10 = 'http://hl7.org/fhir/sid/icd-10';
const SNOMED = 'http://snomed.info/sct';

function valueSet(id: string, compose: ValueSetCompose): ValueSet {
  return {
    resourceType: 'ValueSet',
    id,
    url: `https://example.org/ValueSet/${id}`,
    status: 'active',
    compose,
  };
}

function stem(system: string, value: string) {
  return { system, filter: [{ property: 'concept', op: 'is-a' as const, value }] };
}

function compiled(...sets: readonly ValueSet[]): Terminology {
  const result = compileValueSets(sets);
  if (!result.ok)
    throw new Error(result.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return result.terminology;
}

function problemsOf(...sets: readonly ValueSet[]): readonly string[] {
  const result = compileValueSets(sets);
  return result.ok ? [] : result.problems.map(({ code, path }) => `${code} ${path}`);
}

const lung = valueSet('lung', { include: [stem(ICD10, 'C34')] });
const bone = valueSet('bone', { include: [stem(ICD10, 'C79.5')], exclude: [stem(ICD10, 'C79.52')] });
const liver = valueSet('liver', {
  include: [
    {
      system: SNOMED,
      concept: [{ code: '94381002', display: 'Liver', designation: [{ language: 'fr', value: 'Foie' }] }],
    },
  ],
});

describe('looking up a coding', () => {
  const terminology = compiled(lung, bone, liver);

  it.each(['C34', 'C34.1', 'C341', 'c34.9', ' C34.0 ', 'C3410'])('reads %s as a kind of C34', (code) => {
    expect(terminology.setsOf(ICD10, code)).toEqual(['lung']);
  });

  it.each(['C3', 'C33', 'C35', '', '.'])('does not read %p as a kind of C34', (code) => {
    expect(terminology.setsOf(ICD10, code)).toEqual([]);
  });

  it('leaves out an excluded stem and everything below it, and nothing beside it', () => {
    expect(terminology.setsOf(ICD10, 'C79.51')).toEqual(['bone']);
    expect(terminology.setsOf(ICD10, 'C795')).toEqual(['bone']);
    expect(terminology.setsOf(ICD10, 'C79.52')).toEqual([]);
    expect(terminology.setsOf(ICD10, 'C79520')).toEqual([]);
  });

  it('never matches a number of another system, nor a code without a system', () => {
    expect(terminology.setsOf('http://www.nlm.nih.gov/research/umls/rxnorm', '94381002')).toEqual([]);
    expect(terminology.setsOf(undefined, '94381002')).toEqual([]);
    expect(terminology.setsOf(SNOMED, undefined)).toEqual([]);
  });

  it('compares codes of systems without stems whole', () => {
    expect(terminology.setsOf(SNOMED, '94381002')).toEqual(['liver']);
    expect(terminology.setsOf(SNOMED, '943810021')).toEqual([]);
    expect(terminology.setsOf(SNOMED, '9438100')).toEqual([]);
  });

  it.each([
    'urn:oid:2.16.840.1.113883.6.96',
    'http://snomed.info/sct/900000000000207008/version/20240101',
    'http://snomed.info/sct|http://snomed.info/sct/900000000000207008',
    'http://snomed.info/sct/',
  ])('reads %s as SNOMED CT', (system) => {
    expect(terminology.setsOf(system, '94381002')).toEqual(['liver']);
  });

  it('answers with one frozen array per combination of sets', () => {
    const first = terminology.setsOf(ICD10, 'C34.1');
    expect(terminology.setsOf(ICD10, 'C34.2')).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
  });

  it('answers membership by id, by canonical URL and by URL with a version', () => {
    const coding = { system: ICD10, code: 'C34.1' };
    expect(terminology.memberOf('lung', coding)).toBe(true);
    expect(terminology.memberOf('https://example.org/ValueSet/lung', coding)).toBe(true);
    expect(terminology.memberOf('https://example.org/ValueSet/lung|1.0.0', coding)).toBe(true);
    expect(terminology.memberOf('bone', coding)).toBe(false);
    expect(terminology.memberOf('unknown', coding)).toBe(false);
  });

  it('gives the stem for queries, and the display in the language that exists', () => {
    expect(terminology.codesOf('bone')).toEqual([{ system: ICD10, code: 'C79.5' }]);
    expect(terminology.display(SNOMED, '94381002', 'fr')).toBe('Foie');
    expect(terminology.display(SNOMED, '94381002', 'de')).toBe('Liver');
    expect(terminology.display(SNOMED, '1', 'en')).toBeUndefined();
  });

  it('puts a code into a stem’s set exactly when it starts with the stem, whatever its layout', () => {
    const digits = fc.string({ unit: fc.constantFrom('0', '1', '3', '4', '9', '.'), maxLength: 6 });
    fc.assert(
      fc.property(digits, (rest) => {
        const expected = rest.replaceAll('.', '').startsWith('34');
        expect(terminology.memberOf('lung', { system: ICD10, code: `C${rest}` })).toBe(expected);
      }),
    );
  });
});

describe('a value set of value sets', () => {
  const part = (id: string) => ({ valueSet: [`https://example.org/ValueSet/${id}`] });
  const other = stem(ICD10, 'C41');
  const skeleton = valueSet('skeleton', { include: [part('bone'), other], exclude: [stem(ICD10, 'C79.59')] });
  const anywhere = valueSet('anywhere', { include: [part('skeleton'), part('liver')] });
  const terminology = compiled(anywhere, skeleton, bone, liver);

  it.each([
    [SNOMED, '94381002', ['anywhere', 'liver']],
    [ICD10, 'C79.51', ['anywhere', 'bone', 'skeleton']],
    [ICD10, 'C41.2', ['anywhere', 'skeleton']],
    [ICD10, 'C79.52', []],
    [ICD10, 'C79.59', ['bone']],
  ])('holds %s|%s where a narrower one does and it does not exclude it itself', (system, code, expected) => {
    expect(terminology.setsOf(system, code)).toEqual(expected);
  });

  it('gives the codes of its parts for queries, each once', () => {
    const twice = valueSet('twice', { include: [part('bone'), stem(ICD10, 'C79.5')] });
    expect(compiled(twice, bone).codesOf('twice')).toEqual([{ system: ICD10, code: 'C79.5' }]);
    expect(terminology.codesOf('anywhere').map(({ code }) => code)).toEqual(['C41', '94381002', 'C79.5']);
  });

  it('is refused where a part is not there, or holds the whole again', () => {
    const mother = valueSet('mother', { include: [part('daughter')] });
    const daughter = valueSet('daughter', { include: [part('mother'), part('nowhere')] });
    expect(problemsOf(mother, daughter)).toEqual([
      'VALUE_SET_UNKNOWN daughter.compose.include.1.valueSet.0',
      'VALUE_SET_CIRCULAR mother.compose.include',
      'VALUE_SET_CIRCULAR daughter.compose.include',
    ]);
  });

  it('is refused as an intersection or an exclusion, which are not read', () => {
    const both = valueSet('both', { include: [{ valueSet: ['lung', 'bone'] }] });
    const without = valueSet('without', { include: [stem(ICD10, 'C')], exclude: [part('bone')] });
    expect(problemsOf(lung, bone, both, without)).toEqual([
      'INCLUDE_UNSUPPORTED both.compose.include.0.valueSet',
      'INCLUDE_UNSUPPORTED without.compose.exclude.0.valueSet',
    ]);
  });
});

describe('refusing value sets', () => {
  it('lists the problems of all sets at once', () => {
    const broken = valueSet('broken', {
      include: [
        { system: SNOMED },
        { system: 'snomed', concept: [{ code: '1' }] },
        { system: ICD10, filter: [{ property: 'parent', op: '=', value: 'C34' }] },
        stem(SNOMED, '94222008'),
        { system: SNOMED, concept: [{ code: ' ' }] },
        { system: SNOMED, concept: [{ code: '2' }], valueSet: ['https://example.org/ValueSet/lung'] },
      ],
    });
    expect(problemsOf(lung, lung, valueSet('empty', { include: [] }), broken)).toEqual([
      'ID_REPEATED lung.id',
      'CODES_MISSING empty.compose.include',
      'CODES_MISSING broken.compose.include.0',
      'SYSTEM_UNKNOWN broken.compose.include.1.system',
      'FILTER_UNKNOWN broken.compose.include.2.filter.0',
      'FILTER_UNKNOWN broken.compose.include.3.filter.0',
      'CODE_EMPTY broken.compose.include.4.concept.0.code',
      'INCLUDE_UNSUPPORTED broken.compose.include.5.valueSet',
    ]);
  });

  it('refuses a set without an id', () => {
    expect(problemsOf({ resourceType: 'ValueSet', status: 'active' })).toEqual(['ID_MISSING 0.id']);
  });
});

describe('several codes of one thing', () => {
  const url = (id: string): string => `https://example.org/ValueSet/${id}`;
  const drug = (id: string, code: string): ValueSet =>
    valueSet(id, { include: [{ system: SNOMED, concept: [{ code }] }] });
  const parts = ['drug-strength-unknown', 'strong', 'weak'].map((id) => ({ valueSet: [url(id)] }));
  const terminology = compiled(
    drug('drug-strength-unknown', '1'),
    drug('strong', '4'),
    drug('weak', '5'),
    valueSet('drug', { include: parts }),
    valueSet('for-cancer', { include: parts.slice(0, 2) }),
    drug('other', '9'),
  );
  const answers = (...codes: readonly string[]): readonly string[] =>
    terminology
      .mostExact(codes.map((code) => terminology.setsOf(SNOMED, code)).filter(({ length }) => length > 0))
      .flat();

  it('says what the product says, where another code names the ingredient only', () => {
    expect(answers('1', '5')).toEqual(['drug', 'weak']);
    expect(answers('4', '1')).toEqual(['drug', 'for-cancer', 'strong']);
  });

  it('says what the ingredient says where nothing more exact is known', () => {
    expect(answers('1')).toEqual(['drug', 'drug-strength-unknown', 'for-cancer']);
    expect(answers('1', '9')).toEqual(['drug', 'drug-strength-unknown', 'for-cancer', 'other']);
    expect(answers('1', '7')).toEqual(['drug', 'drug-strength-unknown', 'for-cancer']);
  });
});
