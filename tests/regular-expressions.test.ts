import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Linter } from 'eslint';
import regexp from 'eslint-plugin-regexp';
import { contextFields, HOOKS, isHookName } from '../src/cds-hooks/hooks.js';
import * as feedback from '../src/cds-hooks/schemas/feedback.js';
import { requestSchema } from '../src/cds-hooks/schemas/request.js';
import * as response from '../src/cds-hooks/schemas/response.js';
import * as clients from '../src/trust/clients-schema.js';

const linter = new Linter();

/** What makes an expression take more than a time that grows with the length of the text; none when it is linear. */
const faultsOf = (pattern: string): readonly string[] =>
  linter
    .verify(`/${pattern.replaceAll('/', '\\/')}/u.test(text);`, {
      plugins: { regexp },
      rules: {
        'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
        'regexp/no-super-linear-move': 'error',
      },
    })
    .map(({ message }) => message);

/** The values of `pattern` wherever they stand in a schema. */
function patternsIn(schema: unknown, seen = new Set<unknown>()): readonly string[] {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return [];
  seen.add(schema);
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) =>
    key === 'pattern' && typeof value === 'string' ? [value] : patternsIn(value, seen),
  );
}

/** The expressions that stand as such in the code are held to the same by the linter. */
describe('the patterns of a schema', () => {
  it.each<[string, unknown]>([
    [
      'hook requests',
      Object.keys(HOOKS).flatMap((hook) => (isHookName(hook) ? [requestSchema(contextFields(hook))] : [])),
    ],
    ['answers', response],
    ['feedback', feedback],
    ['the clients file', clients],
  ])('of %s are linear', (_, schema) => {
    const patterns = patternsIn(schema);
    expect(patterns).not.toEqual([]);
    expect(patterns.map((pattern) => [pattern, faultsOf(pattern)])).toEqual(
      patterns.map((pattern) => [pattern, []]),
    );
  });

  const folder = join(import.meta.dirname, '../cds-services/schemas');
  it('of the artifacts are linear', () => {
    const patterns = readdirSync(folder).flatMap((name) =>
      patternsIn(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
    );
    expect(patterns).not.toEqual([]);
    expect(patterns.filter((pattern) => faultsOf(pattern).length > 0)).toEqual([]);
  });

  it.each(['^(a+)+$', '^https?://[^\\s/?#]+\\S*$', 'a+$'])(
    'are told from those that are not: %s',
    (pattern) => {
      expect(faultsOf(pattern)).not.toEqual([]);
    },
  );
});
