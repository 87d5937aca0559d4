import { describe, expect, it } from '@jest/globals';
import { missingOf, rowsBelow } from './shown-by.js';

const threats = rowsBelow('docs/security.md', 'Threat | Answered by | Shown by');
const hazards = rowsBelow('docs/go-live.md', 'Hazard | Prevented by | Shown by');

describe.each([
  ['threat model', threats, 35],
  ['hazard log', hazards, 15],
] as const)('the %s', (_page, rows, least) => {
  it('is read here as it is written', () => {
    expect(rows.length).toBeGreaterThan(least);
  });

  it.each(rows.map((row) => [row.what, row] as const))(
    'of «%s» names code and a test that exist',
    (_what, row) => {
      expect(missingOf(row)).toEqual([]);
    },
  );
});

describe('a row', () => {
  it.each([
    ['names no test', { answer: '`src/main.ts`', shown: 'somebody looks' }, ['no test']],
    [
      'names a file that is gone',
      { answer: '`src/gone.ts`', shown: '`tests/deploy/threats.test.ts`' },
      ['src/gone.ts'],
    ],
    [
      'names a test that is gone',
      { answer: '', shown: '`tests/architecture.test.ts` («a test of this name»)' },
      ['a test of this name'],
    ],
  ])('that %s is found', (_what, row, missing) => {
    expect(missingOf({ what: 'x', ...row })).toEqual(missing);
  });
});
