import { describe, expect, it } from '@jest/globals';
import type { ValueSet } from 'fhir/r4.js';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playRule } from '../../src/engine/examples.js';
import { loadKnowledge } from '../../src/knowledge/load-knowledge.js';
import { loadPrepared } from '../../src/start.js';

describe('the example of a French hospital in the guide', () => {
  const guide = readFileSync(new URL('../../cds-services/README.md', import.meta.url), 'utf8');
  const chapter = guide.split('### A French hospital: orders in CCAM\n')[1] ?? '';
  const ccam = 'https://smt.esante.gouv.fr/terminologie-ccam';

  const withExample = async <Result>(use: (folder: string) => Promise<Result>): Promise<Result> => {
    const folder = await mkdtemp(join(tmpdir(), 'overlay-'));
    try {
      await writeFile(join(folder, 'codes.yaml'), /```yaml\n([\s\S]*?)```/.exec(chapter)?.[1] ?? '');
      return await use(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  const codesIn = (valueSet: ValueSet | undefined): readonly string[] =>
    valueSet?.compose?.include.flatMap(({ system, concept = [] }) =>
      concept.map(({ code }) => `${system}|${code}`),
    ) ?? [];

  const setsThatHold = (valueSets: ReadonlyMap<string, ValueSet>, id: string): readonly string[] => {
    const codes = codesIn(valueSets.get(id));
    expect(codes).not.toEqual([]);
    return [...valueSets.keys()].filter(
      (other) => other !== id && codes.every((code) => codesIn(valueSets.get(other)).includes(code)),
    );
  };

  it.each([
    ['bone-scan-in-follow-up', 'boneScanOrderDraft', ccam, 'PAQL003', ['carboplatinGiven']],
    ['fdg-pet-after-gcsf', 'fdgPetOrderDraft', ccam, 'ZZQL016', ['filgrastimGiven']],
    ['coagulation-work-up', 'cementoplastyDraft', 'https://hospital.example/acts', 'CIM-VERT', []],
    ['percutaneous-tumour-board', 'cementoplastyDraft', 'https://hospital.example/acts', 'CIM-VERT', []],
  ])('lets %s speak about %s coded %s|%s alone', async (id, draft, system, code, given) => {
    const play = async (localKnowledge?: string) => {
      const prepared = await loadPrepared({ localKnowledge, guidelineEdition: '2024' });
      const rule = prepared.knowledge.rules.get(id);
      return (
        rule &&
        playRule(prepared, rule, {
          name: 'ordered by a local code',
          chart: ['vertebralMetastasisT10T11', ...given],
          drafts: [{ use: draft, set: { 'code.coding': [{ system, code }] } }],
          outcome: 'fires',
        }).kind
      );
    };
    expect(await play()).toBe('silent');
    expect(await withExample(play)).toBe('fires');
  });

  it('adds a code to every value set that holds its set', async () => {
    const shipped = (await loadKnowledge()).valueSets;
    const { valueSets, overrides } = await withExample((overlay) => loadKnowledge({ overlay }));
    expect(overrides).toHaveLength(4);
    for (const { name } of overrides) {
      const added = codesIn(valueSets.get(name)).filter((code) => !codesIn(shipped.get(name)).includes(code));
      expect(added).toHaveLength(1);
      for (const wider of setsThatHold(shipped, name))
        expect(codesIn(valueSets.get(wider))).toEqual(expect.arrayContaining(added));
    }
  });

  it('tells the wider sets as they are shipped', async () => {
    const { valueSets } = await loadKnowledge();
    const ids = (cell = '') => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, id = '']) => id);
    const rows = [...chapter.matchAll(/^\| (`.*) \| (.*) \|$/gm)].map(
      ([, some, wider]) => [ids(some), ids(wider)] as const,
    );
    expect(rows).toHaveLength(10);
    for (const [some, wider] of rows)
      for (const id of some) expect([...setsThatHold(valueSets, id)].sort()).toEqual([...wider].sort());
  });
});
