import { describe, expect, it } from '@jest/globals';
import { prepared, vertebra } from './charts.js';

const { sites } = prepared;
const located = (code: string) => sites.locate([{ system: 'http://snomed.info/sct', code }]);
const thoracicSpine = '35769007';

describe('whether a place lies in a region', () => {
  const within = (code: string, ...names: readonly string[]) =>
    located(code).map((location) => sites.within(location, names));

  it('is known of a place that is known exactly', () => {
    expect(within(vertebra.T10, 'T10')).toEqual([true]);
    expect(within(vertebra.T10, 'T11')).toEqual([false]);
    expect(within(vertebra.T10, 'L3', 'T10')).toEqual([true]);
  });

  it('is unknown of a region that only may be there', () => {
    expect(within(thoracicSpine, 'T10')).toEqual([undefined]);
    expect(within(thoracicSpine, 'L3')).toEqual([false]);
    const levels = Array.from({ length: 12 }, (_, index) => `T${index + 1}`);
    expect(within(thoracicSpine, ...levels)).toEqual([true]);
    expect(within(thoracicSpine, ...levels.slice(1))).toEqual([undefined]);
  });
});

describe('the name of places', () => {
  it('joins neighbours, and only them', () => {
    const named = (...codes: readonly string[]) => sites.name(codes.flatMap(located), 'en');
    expect(named(vertebra.T10, vertebra.T11, vertebra.T12)).toBe('T10–T12');
    expect(named(vertebra.T10, vertebra.T12)).toBe('T10, T12');
    expect(named(vertebra.T12, vertebra.L1)).toBe('T12–L1');
  });
});
