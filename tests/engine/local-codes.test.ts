import { expect, it } from '@jest/globals';
import { playRule } from '../../src/engine/examples.js';
import { loadPrepared } from '../../src/start.js';

/** A bone scan as the example hospital orders it: with a code of its own catalogue. */
const ordered = {
  name: 'ordered by a local code',
  chart: ['vertebralMetastasisT10T11', 'carboplatinGiven'],
  drafts: [
    {
      use: 'boneScanOrderDraft',
      set: {
        'code.coding': [{ system: 'https://hospital.example/acts', code: 'SCINTI-OS' }],
      },
    },
  ],
  outcome: 'fires',
} as const;

it.each([
  [undefined, 'silent'],
  ['fixtures/local-hospital', 'fires'],
])('with the local knowledge %s, an order by a local code is %s', async (localKnowledge, kind) => {
  const prepared = await loadPrepared({ localKnowledge, guidelineEdition: '2024' });
  const rule = prepared.knowledge.rules.get('bone-scan-in-follow-up');
  expect(rule && playRule(prepared, rule, ordered).kind).toBe(kind);
});

it('asks the FHIR server for local codes too', async () => {
  const prepared = await loadPrepared({
    localKnowledge: 'fixtures/local-hospital',
    guidelineEdition: '2024',
  });
  const { terminology } = prepared;
  expect(terminology.codesOf('bone-scan')).toContainEqual(expect.objectContaining({ code: 'SCINTI-OS' }));
});
