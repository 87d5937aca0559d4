import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playRule } from '../../src/engine/examples.js';
import type { Prepared } from '../../src/engine/prepare.js';
import { loadPrepared } from '../../src/start.js';

describe('the example of a hospital’s own catalogue in the guide', () => {
  const guide = readFileSync(new URL('../../cds-services/README.md', import.meta.url), 'utf8');
  const chapter = guide.split("### A hospital's own catalogue\n")[1] ?? '';
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

  const load = (localKnowledge?: string) => loadPrepared({ localKnowledge, guidelineEdition: '2024' });
  const shipped = load();
  const withCodes = withExample(load);

  it.each([
    [
      'bone-scan-in-follow-up',
      'boneScanOrderDraft',
      'https://hospital.example/acts',
      'SCINTI-OS',
      ['carboplatinGiven'],
    ],
    ['fdg-pet-after-gcsf', 'fdgPetOrderDraft', ccam, 'ZZQL016', ['filgrastimGiven']],
    ['coagulation-work-up', 'cementoplastyDraft', 'https://hospital.example/acts', 'CIM-VERT', []],
    ['percutaneous-tumour-board', 'cementoplastyDraft', 'https://hospital.example/acts', 'CIM-VERT', []],
  ])('lets %s speak about %s coded %s|%s alone', async (id, draft, system, code, given) => {
    const play = (prepared: Prepared) => {
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
    expect(play(await shipped)).toBe('silent');
    expect(play(await withCodes)).toBe('fires');
  });

  it('counts a code of a value set in those that are composed of it', async () => {
    const { terminology } = await withCodes;
    expect(terminology.setsOf('https://hospital.example/acts', 'CIM-VERT')).toEqual([
      'cementoplasty',
      'interventional-radiology-any',
    ]);
  });
});
