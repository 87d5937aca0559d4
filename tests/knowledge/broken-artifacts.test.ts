import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { brokenFolder, buildSound, messages, readArtifacts } from './sound-artifacts.js';

const cases = readdirSync(brokenFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe('broken artifacts', () => {
  it('the sound folder that they are laid over is accepted', async () => {
    expect(messages(await buildSound())).toEqual([]);
  });

  it('there are at least twelve kinds of mistake', () => {
    expect(cases.length).toBeGreaterThanOrEqual(12);
  });

  it.each(cases)('%s is refused with exactly the expected messages', async (name) => {
    const files = await readArtifacts(join(brokenFolder, name));
    const expected = files
      .find(({ path }) => path === 'expected.txt')
      ?.text.trimEnd()
      .split('\n');
    const result = await buildSound(files.filter(({ path }) => path !== 'expected.txt'));
    expect(result.ok).toBe(false);
    expect(messages(result)).toEqual(expected);
  });
});
