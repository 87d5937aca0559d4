import { describe, expect, it } from '@jest/globals';
import { attacksIn, tableOf, withTables } from './table.js';

const attack = (kind: string, outcome: string, more: object = {}) =>
  JSON.stringify({ suite: 'Bodies', kind, outcome, detail: '400', ...more });

describe('the table of what was tried', () => {
  it('counts by suite and kind', () => {
    const report = [
      attack('deep', 'refused'),
      attack('deep', 'answered', { detail: '200 | ok', times: 3 }),
      attack('broad', 'survived', { suite: 'Answers' }),
      '',
    ].join('\n');
    expect(tableOf(attacksIn(report)).split('\n')).toEqual([
      '#### Answers',
      '',
      '| Kind | Tried | Refused | Survived | Answered | Seen |',
      '| --- | --- | --- | --- | --- | --- |',
      '| broad | 1 | 0 | 1 | 0 | 400 |',
      '',
      '#### Bodies',
      '',
      '| Kind | Tried | Refused | Survived | Answered | Seen |',
      '| --- | --- | --- | --- | --- | --- |',
      '| deep | 4 | 1 | 0 | 3 | 400; 200 \\| ok |',
    ]);
  });

  it.each(['{}', attack('deep', 'lost'), '[]', attack('deep', 'refused', { times: 'x' })])(
    'refuses the line %s',
    (line) => {
      expect(() => attacksIn(`${attack('deep', 'refused')}\n${line}\n`)).toThrow('line 2');
    },
  );

  it('stands between its marks, whatever stood there before', () => {
    const page =
      'above\n<!-- what was tried: written by npm run security-table -->\nold\n<!-- end of what was tried -->\nbelow\n';
    const made = withTables(page, attacksIn(attack('deep', 'refused', { times: 7 })), '2026-11-30');
    expect(made).toMatch(/^above\n<!--/);
    expect(made).toMatch(/-->\nbelow\n$/);
    expect(made).toContain('7 attacks in the run of 2026-11-30');
    expect(made).not.toContain('old');
    expect(() => withTables('no marks', [], '2026-11-30')).toThrow('marks');
  });
});
