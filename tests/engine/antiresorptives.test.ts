import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { openCase } from '../../src/engine/case.js';
import { isTold } from '../../src/cards/cards.js';
import { suggestionsOf } from '../../src/cards/actions.js';
import { wordingOf } from '../../src/engine/answer.js';
import { loadPrepared } from '../../src/start.js';

const prepared = await loadPrepared({ localKnowledge: undefined, guidelineEdition: '2024' });
const today = Date.UTC(2026, 10, 20) / 86_400_000;

async function chartOf(name: string): Promise<readonly FhirResource[]> {
  const text = await readFile(`fixtures/patients/demo/${name}.json`, 'utf8');
  const bundle = JSON.parse(text) as { readonly entry: readonly { readonly resource: FhirResource }[] };
  return bundle.entry.map(({ resource }) => resource);
}

const order = (code: string, mg: number): FhirResource => ({
  resourceType: 'MedicationRequest',
  id: 'draft',
  status: 'draft',
  intent: 'order',
  subject: { reference: 'Patient/p' },
  note: [{ text: 'after breakfast' }],
  medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code }] },
  dosageInstruction: [
    {
      text: 'as ordered',
      timing: { repeat: { frequency: 1, period: 4, periodUnit: 'wk' } },
      doseAndRate: [
        { doseQuantity: { value: mg, unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' } },
      ],
    },
  ],
});

function told(service: string, resources: readonly FhirResource[], drafts: readonly FhirResource[]) {
  const { of, memory } = openCase(prepared, { resources, drafts, missingKeys: new Set(), today });
  const rules = prepared.knowledge.services.get(service)?.rules ?? [];
  return rules.flatMap((id) => prepared.rules.get(id)?.evaluate(of, memory) ?? []).filter(isTold);
}

const idsOf = (outcomes: ReturnType<typeof told>): readonly string[] => outcomes.map(({ rule }) => rule.id);

describe('antiresorptives, on whole charts', () => {
  it.each([
    ['a fully managed patient', 'sophie-laurent', 'M05BX04', 120],
    ['osteoporosis on denosumab 60 mg', 'jeanne-petit', 'M05BX04', 60],
    ['breast cancer without metastasis', 'emily-carter', 'M05BA08', 4],
    ['no cancer', 'robert-miller', 'M05BX04', 60],
  ])('says nothing: %s', async (_, name, code, mg) => {
    const chart = await chartOf(name);
    expect(idsOf(told('antiresorptive-safety', chart, [order(code, mg)]))).toEqual([]);
    expect(idsOf(told('bone-metastasis-review', chart, []))).toEqual([]);
    expect(idsOf(told('discharge-plan', chart, []))).toEqual([]);
  });

  it('says no word on how to infuse what is contraindicated', async () => {
    const ids = idsOf(told('antiresorptive-safety', await chartOf('paul-lefevre'), [order('M05BA08', 4)]));
    expect(ids).toContain('zoledronic-acid-renal-contraindication');
    expect(ids).not.toContain('zoledronic-acid-first-infusion');
    expect(ids).not.toContain('paracetamol-with-zoledronic-acid');
  });

  it('corrects the dose of an order and keeps every other field', async () => {
    const draft = order('M05BX04', 60);
    const outcome = told('antiresorptive-safety', await chartOf('john-whitfield'), [draft]).find(
      ({ rule }) => rule.id === 'denosumab-dose',
    );
    if (outcome === undefined) throw new Error('the dose is not questioned');
    const context = {
      patientId: 'p',
      today: '2026-11-20',
      publicBaseUrl: 'https://cds.example.org',
      newId: () => 'x',
    };
    const [correct] = suggestionsOf(
      outcome.rule.card.suggestions ?? [],
      outcome,
      context,
      wordingOf(prepared, 'en'),
    );
    expect(correct?.actions?.[0]).toMatchObject({ type: 'update', resource: order('M05BX04', 120) });
  });
});
