import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { terminology } from '../../src/cli/terminology.js';
import { shippedArtifacts } from '../../src/knowledge/read/read-artifacts.js';

let root = '';
let folder = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'terminology-'));
  folder = join(root, 'cds-services');
  await cp(shippedArtifacts, folder, { recursive: true });
});

afterAll(() => rm(root, { recursive: true, force: true }));

const rowsOf = async (list: string, code: string): Promise<readonly (readonly string[])[]> =>
  (await readFile(join(folder, `code-lists/${list}.tsv`), 'utf8'))
    .split('\n')
    .map((line) => line.split('\t'))
    .filter((cells) => cells[1] === code);

const release = async (
  name: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> => {
  const at = join(root, name);
  await mkdir(at);
  for (const [file, content] of Object.entries(files)) await writeFile(join(at, file), content);
  return at;
};

const concept = (code: string, type: string, name: string, suppress = 'N'): string =>
  [code, 'ENG', '', '', '', '', '', '', '', '', '', 'RXNORM', type, code, name, '', suppress, ''].join('|');
const related = (one: string, rela: string, other: string): string =>
  [one, '', 'CUI', 'RO', other, '', 'CUI', rela, '', '', 'RXNORM', '', '', '', '', ''].join('|');

const concepts = [
  concept('1364430', 'IN', 'apixaban'),
  concept('1364444', 'SCDC', 'apixaban 5 MG'),
  concept('1364445', 'SCD', 'apixaban 5 MG Oral Tablet'),
  concept('1992427', 'GPCK', '{74 (apixaban 5 MG Oral Tablet) } Pack'),
  concept('67108', 'IN', 'enoxaparin'),
  concept('854228', 'SCD', '0.3 ML enoxaparin sodium 100 MG/ML Prefilled Syringe'),
  concept('854227', 'SCDC', 'enoxaparin sodium 100 MG/ML'),
  concept('993449', 'IN', 'denosumab'),
  concept('1046397', 'SCDC', 'denosumab 70 MG/ML'),
  concept('1046398', 'SCD', '1.7 ML denosumab 70 MG/ML Injection'),
  concept('77655', 'IN', 'zoledronic acid'),
  concept('9000001', 'SCDC', 'zoledronic acid 0.05 MG/ML'),
  concept('9000002', 'SCD', '100 ML zoledronic acid 0.05 MG/ML Injection'),
  concept('9000003', 'SBD', '100 ML zoledronic acid 0.05 MG/ML Injection [Invented]'),
  concept('9000004', 'SCD', '100 ML zoledronic acid 0.04 MG/ML Injection'),
  concept('9000005', 'SCD', 'zoledronic acid 4 MG Injection, no more sold', 'O'),
  concept('9000006', 'SCD', 'zoledronic acid 1 MG/ML Ophthalmic Solution'),
];

/** Some the one way round, some the other. */
const relations = [
  related('1364430', 'has_ingredient', '1364444'),
  related('1364444', 'consists_of', '1364445'),
  related('1364445', 'contains', '1992427'),
  related('67108', 'has_ingredient', '854227'),
  related('854228', 'constitutes', '854227'),
  related('993449', 'has_ingredient', '1046397'),
  related('1046397', 'consists_of', '1046398'),
  related('77655', 'has_ingredient', '9000001'),
  ...['9000002', '9000004', '9000005', '9000006'].map((code) => related('9000001', 'consists_of', code)),
  related('9000002', 'tradename_of', '9000003'),
];

describe('products from a publisher’s release', () => {
  it('are read from RxNorm, under ingredient and strength, and no component, suppressed or local form', async () => {
    const at = await release('rxnorm', {
      'RXNCONSO.RRF': concepts.join('\n'),
      'RXNREL.RRF': relations.join('\n'),
    });
    const lines = await terminology(['rxnorm', at, '--release', '2026-11-02', '--folder', folder]);
    expect(lines).toContain('zoledronic-acid-5: 2 by the publisher or two sources, 0 by one');
    const [five] = await rowsOf('rxnorm', '9000002');
    expect(five?.slice(0, 4)).toEqual([
      'zoledronic-acid-5',
      '9000002',
      '100 ML zoledronic acid 0.05 MG/ML Injection',
      'publisher',
    ]);
    expect((await rowsOf('rxnorm', '9000003'))[0]?.[0]).toBe('zoledronic-acid-5');
    expect((await rowsOf('rxnorm', '9000004'))[0]?.[0]).toBe('zoledronic-acid-4');
    for (const code of ['9000001', '9000005', '9000006']) expect(await rowsOf('rxnorm', code)).toEqual([]);
    // What stood there is told its publisher, and nothing is lost.
    expect((await rowsOf('rxnorm', '1046398'))[0]?.slice(0, 4)).toContain('publisher');
    expect(await rowsOf('rxnorm', '351114')).toHaveLength(1);
    expect(await readFile(join(folder, 'code-lists/rxnorm.tsv'), 'utf8')).toContain(
      'NLM RxNorm, release of 2026-11-02',
    );
  });

  it('are refused where a known product does not lead to its ingredient', async () => {
    const at = await release('broken', {
      'RXNCONSO.RRF': concepts.join('\n'),
      'RXNREL.RRF': relations.slice(3).join('\n'),
    });
    await expect(
      terminology(['rxnorm', at, '--release', '2026-11-02', '--folder', folder]),
    ).rejects.toMatchObject({ code: 'RELEASE_INVALID' });
  });

  it('are read from the French base of medicines, boxes too, in the encoding of the agency', async () => {
    const latin = Buffer.from(
      '69999991\tACIDE ZOLÉDRONIQUE INVENTÉ 5 mg/100 ml, solution pour perfusion\n',
      'latin1',
    );
    const at = await release('bdpm', {
      'CIS_bdpm.txt': latin,
      'CIS_CIP_bdpm.txt': '69999991\t3999999\t1 flacon de 100 ml\t\t\t\t3400939999990\n',
      'CIS_COMPO_bdpm.txt': '69999991\tsolution\t1\tACIDE\t5 mg\t100 ml\tSA\t1\n',
      'CIS_MITM.txt': '69999991\tM05BA08\tACIDE\n69999992\tC09AA01\tAUTRE\n',
    });
    await terminology(['bdpm', at, '--release', '2026-11-02', '--folder', folder]);
    expect((await rowsOf('bdpm', '69999991'))[0]?.[0]).toBe('zoledronic-acid-5');
    expect((await rowsOf('bdpm', '3400939999990'))[0]?.[2]).toContain('INVENTÉ 5 mg/100 ml');
  });

  it('are read from a table of UCD with ATC', async () => {
    const at = await release('ucd', {
      'ucd.csv':
        'Code UCD;Libellé;ATC\n3400899999990;XGEVA 120MG INJ FL;M05BX04\n3400899999991;AUTRE;C09AA01\n',
    });
    await terminology(['ucd', join(at, 'ucd.csv'), '--release', '2026-11-02', '--folder', folder]);
    expect((await rowsOf('ucd', '3400899999990'))[0]?.slice(0, 4)).toEqual([
      'denosumab-120',
      '3400899999990',
      'XGEVA 120MG INJ FL',
      'publisher',
    ]);
    expect(await rowsOf('ucd', '3400899999991')).toEqual([]);
  });
});

describe('codes that others collected', () => {
  const row = (code: string, rest: object) => ({
    set: 'bone-scan',
    system: 'https://smt.esante.gouv.fr/terminologie-ccam',
    code,
    display: 'Scintigraphie',
    source: 'a/b@1:x',
    confidence: 'one-source',
    note: '',
    ...rest,
  });

  it('ship where one or two sources say so, never where they are only probable or fit in part', async () => {
    const at = await release('collected', {
      'rows.json': JSON.stringify([
        row('ZZZZ001', {}),
        row('ZZZZ002', { confidence: 'verified-two-sources', source: 'a/b@1:x ; c/d@2:y' }),
        row('ZZZZ003', { confidence: 'probable' }),
        row('ZZZZ004', { fit: 'broader' }),
      ]),
    });
    const lines = await terminology(['collected', join(at, 'rows.json'), '--folder', folder]);
    expect(lines[0]).toContain('1 left out (probable only), 1 left out (fit: broader)');
    const confidences = await Promise.all(
      [1, 2, 3, 4].map(async (each) => (await rowsOf('ccam', `ZZZZ00${each}`))[0]?.[3]),
    );
    expect(confidences).toEqual(['one', 'two', undefined, undefined]);
  });

  it('are refused where a row has another shape', async () => {
    const at = await release('wrong', { 'rows.json': '[{ "set": "bone-scan" }]' });
    await expect(terminology(['collected', join(at, 'rows.json'), '--folder', folder])).rejects.toMatchObject(
      {
        code: 'COLLECTION_INVALID',
      },
    );
  });
});

it('the page counts the codes of each value set, and lists those of one source', async () => {
  const out = join(root, 'terminology.md');
  expect(await terminology(['page', '--out', out])).toEqual([out]);
  const page = await readFile(out, 'utf8');
  expect(page).toBe(await readFile('docs/terminology.md', 'utf8'));
  expect(page).toMatch(/\| `zoledronic-acid-5` \(Zoledronic acid 5 mg\) \|.*French medicines 14/);
});

it.each([[[]], [['rxnorm', 'x']], [['snomed', 'x', '--release', '1']]])(
  'tells its usage for %j',
  async (args) => {
    await expect(terminology(args)).rejects.toThrow('terminology rxnorm FOLDER');
  },
);
