import { describe, expect, it } from '@jest/globals';
import { shippedKnowledge, shippedPrepared } from '../shared/knowledge.js';
import { compileValueSets } from '../../src/terminology/value-sets.js';

const { terminology, knowledge } = await shippedPrepared();
const named = (text: string): readonly string[] => [...terminology.mayBeIn(text)].sort();

describe('names in a text', () => {
  it.each([
    ['Zometa 4 mg', 'zoledronic-acid'],
    ['ZOMETA', 'antiresorptives'],
    ['Acide zoledronique 4 mg/100 ml', 'oncology-bisphosphonates'],
    ['perfusion d’acide zolédronique', 'zoledronic-acid'],
    ['Bisphosphonates IV', 'antiresorptives'],
    ['denosumab 120 mg SC', 'denosumab-120'],
    ['Prolia', 'denosumab-60'],
    ['Aclasta', 'osteoporosis-bisphosphonates'],
    ['RCP de thorax', 'tumour-board'],
    ['Réunion de concertation pluridisciplinaire', 'tumour-board'],
    ['Multidisciplinary Team Meeting note', 'tumour-board'],
    ['Laminectomie T10-T11', 'bone-surgery-any'],
    ['vertébroplastie L3', 'interventional-radiology-any'],
    ['Bilan bucco-dentaire', 'dental-assessment'],
    ['25-OH Vitamin D', 'vitamin-d-test'],
    ['métastases osseuses multiples', 'bone-metastases'],
    ['Kardégic 75', 'antithrombotics'],
  ])('«%s» may be of %s', (text, id) => {
    expect(named(text)).toContain(id);
  });

  it.each([
    'Chest X-ray',
    'Radiographie de thorax',
    'Follow-up visit',
    'Consultation',
    'Metastatic disease monitoring',
    'zometabolism',
    'insuline',
    '',
    '…',
  ])('«%s» names nothing', (text) => {
    expect(named(text)).toEqual([]);
  });

  it('counts the longest of overlapping names: a PET-CT is no CT, an MRI of the lumbar spine no whole spine', () => {
    expect(named('PET-CT')).not.toContain('ct');
    expect(named('TEP-scanner au FDG')).toEqual(['any-pet', 'fdg-pet-ct']);
    expect(named('IRM du rachis lombaire')).toEqual([
      'mri-any',
      'spine-mri-any',
      'spine-mri-lumbar',
      'spine-mri-partial',
    ]);
  });

  it('leaves the use of a drug open where its strength is not said, and not where it is', () => {
    expect(named('zoledronic acid')).toEqual(
      expect.arrayContaining(['zoledronic-acid-4', 'zoledronic-acid-5']),
    );
    expect(named('acide zolédronique 5 mg')).not.toContain('oncology-antiresorptives');
    expect(named('denosumab 60 mg')).not.toContain('oncology-antiresorptives');
    expect(named('Xgeva')).toContain('oncology-antiresorptives');
  });

  it('finds every name of a text', () => {
    const sets = named('denosumab or zoledronate');
    expect(sets).toEqual(expect.arrayContaining(['denosumab', 'zoledronic-acid']));
  });

  it('name nothing where the names are those of a value set that is not there', () => {
    const compiled = compileValueSets([], { names: new Map([['elsewhere', ['Zometa']]]) });
    expect(compiled.ok && compiled.terminology.mayBeIn('Zometa').size).toBe(0);
  });
});

it('each name leads to its value set', async () => {
  const { names } = await shippedKnowledge();
  expect(names.size).toBeGreaterThan(80);
  const lost = [...names].flatMap(([id, all]) =>
    all.filter((name) => !terminology.mayBeIn(name).has(id)).map((name) => `${id}: ${name}`),
  );
  expect(lost).toEqual([]);
  expect([...names.keys()].filter((id) => !knowledge.valueSets.has(id))).toEqual([]);
});
