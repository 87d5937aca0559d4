import { describe, expect, it } from '@jest/globals';
import { formatProblem } from '../../src/knowledge/problem.js';
import { readArtifacts, shippedArtifacts } from '../../src/knowledge/read/read-artifacts.js';
import { lockOf, lockProblems, readLock, unraisedVersions } from '../../src/knowledge/check/version-lock.js';

const rule = (version: string, title: string) => ({
  path: 'rules/a.yaml',
  text: `# comment\nid: a\nversion: ${version}\ntitle: ${title}\n`,
});

describe('the version lock', () => {
  it('accepts an artifact that has not changed, wherever its keys and comments stand', () => {
    const moved = { path: 'rules/a.yaml', text: 'version: 1.0.0\ntitle: old\nid: a\n' };
    expect(lockProblems([moved], lockOf([rule('1.0.0', 'old')]))).toEqual([]);
  });

  it('takes what is told of former versions for no content', () => {
    const told =
      rule('1.0.0', 'old').text + "changes: [{ version: 1.0.0, date: '2026-10-01', en: New, fr: Nouveau }]\n";
    expect(lockProblems([{ path: 'rules/a.yaml', text: told }], lockOf([rule('1.0.0', 'old')]))).toEqual([]);
  });

  it.each(['1.0.0', '0.9.0'])('refuses changed content under version %s', (version) => {
    const problems = unraisedVersions([rule(version, 'new')], lockOf([rule('1.0.0', 'old')]));
    expect(problems.map(formatProblem)).toEqual([
      `rules/a.yaml:3:10 VERSION_INVALID version: expected a version above 1.0.0: the content has changed, found "${version}"`,
    ]);
  });

  it.each(['1.0.1', '1.1.0', '2.0.0', '1.0.10'])('accepts changed content under version %s', (version) => {
    const lock = lockOf([rule('1.0.0', 'old')]);
    expect(unraisedVersions([rule(version, 'new')], lock)).toEqual([]);
    expect(lockProblems([rule(version, 'new')], lock)).toHaveLength(1);
  });

  it('names an artifact that is not locked yet, and one that was deleted', () => {
    expect(lockProblems([rule('1.0.0', 'old')], {})).toHaveLength(1);
    expect(lockProblems([], lockOf([rule('1.0.0', 'old')]))).toHaveLength(1);
  });

  it('of the shipped artifacts is up to date', async () => {
    const files = await readArtifacts(shippedArtifacts);
    expect(lockProblems(files, readLock(files) ?? {}).map(formatProblem)).toEqual([]);
  });
});
