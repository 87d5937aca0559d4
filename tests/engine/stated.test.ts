import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { answer } from '../../src/engine/answer.js';
import { exampleDay, resourceOf } from '../../src/engine/examples.js';
import type { ExamplePiece } from '../../src/knowledge/types.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();

function cardsOf(id: string, chart: readonly ExamplePiece[], drafts: readonly ExamplePiece[] = []) {
  const service = prepared.services.get(id);
  if (service === undefined) throw new Error(`no service ${id}`);
  const made = (pieces: readonly ExamplePiece[]): readonly FhirResource[] =>
    pieces.map((piece) => resourceOf(piece, prepared));
  const told = answer({
    prepared,
    service,
    hook: { drafts: made(drafts), selected: 'all', today: exampleDay },
    needs: service.needs,
    gathered: {
      provisions: new Map(
        service.needs.map(({ key, resourceType }) => [
          key,
          {
            state: 'given' as const,
            incomplete: false,
            resources: made(chart).filter((each) => each.resourceType === resourceType),
          },
        ]),
      ),
      companions: [],
      setAside: new Map(),
      requests: 0,
    },
    context: {
      publicBaseUrl: 'https://cds.example',
      patientId: 'p',
      today: exampleDay,
      newId: () => 'id',
    },
    language: 'en',
  });
  if (told.kind !== 'cards') throw new Error(told.kind);
  return told.cards;
}

const idsOf = (cards: ReturnType<typeof cardsOf>): readonly unknown[] =>
  cards.flatMap(({ own }) => own.recommendations.filter((id) => ['S-07', 'R-12', 'P-09'].includes(id)));

describe('a card names the recommendations that it states for this patient', () => {
  it.each([
    ['SINS 13', ['vertebralMetastasisT10T11', 'sinsThirteen'], 'radiotherapyDraft', ['S-07', 'P-09']],
    ['Mirels 9', ['femurMetastasis', 'mirelsComplete'], 'femurRadiotherapyDraft', ['S-07', 'R-12']],
  ])('%s', (_, chart, draft, ids) => {
    expect(idsOf(cardsOf('radiotherapy', chart, [draft]))).toEqual(ids);
  });
});

it('a fracture of the femur is told without the score of a vertebra', () => {
  const cards = cardsOf('bone-metastasis-review', [
    'femurMetastasis',
    'femoralPathologicalFracture',
    'vertebralMetastasisT10T11',
    'sinsComplete',
  ]);
  const told = cards.find(({ card: { summary } }) => summary.startsWith('Recent fracture'));
  expect(told).toBeDefined();
  expect(told?.card.detail).not.toContain('SINS');
});
