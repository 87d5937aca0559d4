import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkExpression } from '../../src/fhirpath/lint.js';
import { buildKnowledge } from '../../src/knowledge/build-knowledge.js';
import { checkedBefore, keepChecked } from '../../src/knowledge/check/checked-before.js';
import { loadKnowledge } from '../../src/knowledge/load-knowledge.js';
import { readWithSchemas, shippedArtifacts } from '../../src/knowledge/read/read-artifacts.js';
import { buildSound, soundFolder } from './sound-artifacts.js';

describe('artifacts that were checked before', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'artifacts-'));
    await cp(soundFolder, folder, { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const load = () => loadKnowledge({ folder, checkExpression });

  it('give the same knowledge as those that are checked now', async () => {
    const files = await readWithSchemas(shippedArtifacts);
    const now = buildKnowledge(files, { checkExpression });
    if (!now.ok) throw new Error('the shipped artifacts are refused');
    await keepChecked(files, now.checked);
    const checked = await checkedBefore(files);
    if (checked === undefined) throw new Error('nothing was kept');
    // Without the files: nothing of them is looked at again.
    const restored = buildKnowledge([], { checked });
    expect(restored.ok && restored.knowledge).toEqual(now.knowledge);
  });

  it('are not known for other files, or for one file that has changed', async () => {
    await load();
    const files = await readWithSchemas(folder);
    expect(await checkedBefore(files)).toBeDefined();
    const [first, ...others] = files;
    if (first === undefined) throw new Error('the folder is empty');
    expect(await checkedBefore([{ ...first, text: `${first.text}\n` }, ...others])).toBeUndefined();
    expect(await checkedBefore([{ ...first, path: `other/${first.path}` }, ...others])).toBeUndefined();
    expect(await checkedBefore(others)).toBeUndefined();
  });

  it('do not hide a mistake that was made since', async () => {
    expect((await load()).settings.get('dentalAssessmentAge')).toBeDefined();
    const settings = join(folder, 'settings.yaml');
    const text = await readFile(settings, 'utf8');
    await writeFile(settings, text.replace('dentalAssessmentAge', 'dentalAge'));
    await expect(load()).rejects.toThrow('dentalAssessmentAge');
    await writeFile(settings, text);
    expect((await load()).settings.get('dentalAssessmentAge')).toBeDefined();
  });

  it('take a hospital’s overlay, and refuse a wrong one, as the others do', async () => {
    const checked = await checkedBefore(await readWithSchemas(folder));
    if (checked === undefined) throw new Error('nothing was kept');
    const overlay = [
      { path: 'settings.yaml', text: 'dentalAssessmentAge: { value: 1000000, reason: why not }\n' },
    ];
    const restored = buildKnowledge(await readWithSchemas(soundFolder), { checked, overlay });
    expect(restored.ok).toBe(false);
    expect(restored).toEqual(await buildSound([], { overlay }));
  });
});
