import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { epochDayOf, openCase } from '../../src/engine/case.js';
import { exampleDay, resourceOf } from '../../src/engine/examples.js';
import type { ExamplePiece } from '../../src/knowledge/types.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();

/** A SINS of 10 in August and in October; between them a surgeon was asked. */
const pieces: readonly ExamplePiece[] = [
  'vertebralMetastasisT10T11',
  { use: 'sinsComplete', set: { id: 'august', effectiveDateTime: '2026-08-01' } },
  { use: 'surgicalOpinionGiven', set: { performedDateTime: '2026-09-20' } },
  { use: 'sinsComplete', set: { id: 'october', effectiveDateTime: '2026-10-10' } },
];

const others = (count: number): readonly FhirResource[] =>
  Array.from({ length: count }, (_, index) => ({
    resourceType: 'Observation',
    id: `other-${index}`,
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '718-7' }] },
    effectiveDateTime: '2026-10-01',
  }));

function outcomeWith(besides: readonly FhirResource[]): string | undefined {
  const opened = openCase(prepared, {
    resources: [...pieces.map((piece) => resourceOf(piece, prepared)), ...besides],
    drafts: [],
    missingKeys: new Set(),
    today: epochDayOf(exampleDay),
  });
  const [outcome] = prepared.rules.get('sins-surgical-opinion')?.evaluate(opened.of, opened.memory) ?? [];
  return outcome?.kind;
}

describe('whether an earlier opinion still answers an unchanged score', () => {
  it('is read from the chart as of its day', () => {
    expect(outcomeWith([])).toBe('silent');
    expect(outcomeWith(others(20_000))).toBe('silent');
  });

  it('stays open in a chart too large to be read twice: the card comes', () => {
    expect(outcomeWith(others(40_000))).toBe('fires');
  });
});
