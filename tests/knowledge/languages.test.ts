import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readLanguages, shippedLanguages } from '../../src/knowledge/languages.js';
import { shippedArtifacts } from '../../src/knowledge/read/read-artifacts.js';
import { buildSound, messages } from './sound-artifacts.js';

const folder = await mkdtemp(join(tmpdir(), 'languages-'));
afterAll(() => rm(folder, { recursive: true }));

const invented = 'code: xx\nname: Xanxa\nlocale: de-DE\n';

describe('the languages', () => {
  it('are those that have a folder, English first', async () => {
    expect(shippedLanguages().map(({ code, name }) => [code, name])).toEqual([
      ['en', 'English'],
      ['fr', 'Français'],
    ]);
    await cp(join(shippedArtifacts, 'languages'), join(folder, 'languages'), { recursive: true });
    await mkdir(join(folder, 'languages/aa'));
    await writeFile(join(folder, 'languages/aa/language.yaml'), invented.replace('xx', 'aa'));
    expect(readLanguages(folder).map(({ code }) => code)).toEqual(['en', 'aa', 'fr']);
  });

  it('are the same in the knowledge', async () => {
    const result = await buildSound([{ path: 'languages/xx/language.yaml', text: invented }]);
    expect(messages(result)).toEqual([]);
    expect(result.ok && result.knowledge.languages).toMatchObject([
      { code: 'en', name: 'English', locale: 'en-GB' },
      { code: 'fr', name: 'Français', locale: 'fr-FR' },
      { code: 'xx', name: 'Xanxa', locale: 'de-DE' },
    ]);
  });

  it('are refused with what is wrong in their file', async () => {
    const result = await buildSound([
      { path: 'languages/xx/language.yaml', text: invented.replace('xx', 'yy') },
      { path: 'languages/zz/language.yaml', text: 'code: zz\nlocale: german\n' },
    ]);
    expect(messages(result)).toEqual([
      `languages/xx/language.yaml:1:7 ID_INVALID code: expected the folder's name, xx, found "yy"`,
      expect.stringContaining('languages/zz/language.yaml:1:1 SCHEMA_INVALID'),
      expect.stringContaining('languages/zz/language.yaml:2:9 SCHEMA_INVALID locale'),
    ]);
  });
});
