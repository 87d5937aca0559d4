import { describe, expect, it } from '@jest/globals';
import type { ExamplePiece } from '../../src/knowledge/types.js';
import { playRule } from '../../src/engine/examples.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();

type Piece = Readonly<Record<string, unknown>> & { readonly resourceType: string };

const loinc = 'http://loinc.org';
const concept = (system: string, code: string) => ({ coding: [{ system, code }] });
const frenchBoard = concept(loinc, '34794-8');
const board = concept(loinc, '85232-7');
const meeting = concept('http://snomed.info/sct', '708004003');
const modeOfCare = concept(
  'https://mos.esante.gouv.fr/NOS/TRE_R213-ModePriseEnCharge/FHIR/TRE-R213-ModePriseEnCharge',
  '39',
);
const unspecific = concept(loinc, '51855-5');

const subject = { reference: 'Patient/p1' };
const reference = (rest: Readonly<Record<string, unknown>>): Piece => ({
  resourceType: 'DocumentReference',
  subject,
  status: 'current',
  date: '2026-10-02T08:00:00Z',
  content: [{ attachment: { contentType: 'application/pdf' } }],
  ...rest,
});
const composition = (rest: Readonly<Record<string, unknown>>): Piece => ({
  resourceType: 'Composition',
  subject,
  status: 'final',
  date: '2026-10-02T08:00:00Z',
  title: 'CR',
  ...rest,
});
const report = (rest: Readonly<Record<string, unknown>>): Piece => ({
  resourceType: 'DiagnosticReport',
  subject,
  status: 'final',
  effectiveDateTime: '2026-10-02',
  ...rest,
});
const encounter = (rest: Readonly<Record<string, unknown>>): Piece => ({
  resourceType: 'Encounter',
  subject,
  status: 'finished',
  period: { start: '2026-10-02', end: '2026-10-02' },
  ...rest,
});

function outcomeOf(id: string, chart: readonly ExamplePiece[], drafts: readonly ExamplePiece[]) {
  const rule = prepared.knowledge.rules.get(id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return playRule(prepared, rule, { name: '', chart, drafts, outcome: 'silent' }).kind;
}

const boardFor = (piece: Piece): string =>
  outcomeOf('percutaneous-tumour-board', ['vertebralMetastasisT10T11', piece], ['cementoplastyDraft']);

describe('a tumour board on record as a document', () => {
  it.each<[string, Piece]>([
    ['DocumentReference.type, French', reference({ type: frenchBoard })],
    ['DocumentReference.type, American', reference({ type: board })],
    ['DocumentReference.category', reference({ type: unspecific, category: [board] })],
    ['DocumentReference.context.event', reference({ type: unspecific, context: { event: [meeting] } })],
    [
      'DocumentReference.context.practiceSetting',
      reference({ type: unspecific, context: { practiceSetting: modeOfCare } }),
    ],
    ['a document whose text is final', reference({ type: board, docStatus: 'amended' })],
    ['Composition.type', composition({ type: frenchBoard })],
    ['Composition.category', composition({ type: unspecific, category: [board] })],
    ['Composition.event', composition({ type: unspecific, event: [{ code: [meeting] }], status: 'amended' })],
    ['DiagnosticReport.code', report({ code: board })],
    ['DiagnosticReport.category', report({ code: unspecific, category: [board] })],
    ['Encounter.type', encounter({ type: [modeOfCare] })],
    ['Encounter.serviceType', encounter({ serviceType: meeting })],
    [
      'the day of the meeting, whenever it was filed',
      reference({
        type: board,
        date: '2026-10-14T08:00:00Z',
        context: { period: { start: '2026-10-02', end: '2026-10-02' } },
      }),
    ],
  ])('was held: %s', (_where, piece) => {
    expect(boardFor(piece)).toBe('silent');
  });

  it.each<[string, Piece]>([
    ['of another kind', reference({ type: unspecific })],
    ['entered in error', reference({ type: board, status: 'entered-in-error' })],
    ['superseded', reference({ type: board, status: 'superseded' })],
    ['a draft of its text', reference({ type: board, docStatus: 'preliminary' })],
    ['its text entered in error', reference({ type: board, docStatus: 'entered-in-error' })],
    ['a preliminary Composition', composition({ type: board, status: 'preliminary' })],
    ['a retracted Composition', composition({ type: board, status: 'entered-in-error' })],
    ['a preliminary report', report({ code: board, status: 'preliminary' })],
    ['a cancelled encounter', encounter({ type: [modeOfCare], status: 'cancelled' })],
    ['older than a board may be', composition({ type: board, date: '2026-05-02' })],
    [
      'filed now, of a meeting long ago',
      reference({ type: board, context: { period: { start: '2026-05-02', end: '2026-05-02' } } }),
    ],
  ])('was not: %s', (_why, piece) => {
    expect(boardFor(piece)).toBe('fires');
  });

  it('stays open where the document has no date', () => {
    const undated = reference({ type: board, date: undefined });
    expect(boardFor(undated)).toBe('fires');
    const rule = prepared.knowledge.rules.get('percutaneous-tumour-board');
    if (rule === undefined) throw new Error('no rule');
    const { outcomes } = playRule(prepared, rule, {
      name: '',
      chart: ['vertebralMetastasisT10T11', undated],
      drafts: ['cementoplastyDraft'],
      outcome: 'fires',
    });
    expect(JSON.stringify(outcomes)).toContain('tumourBoardOnOrder');
  });
});
