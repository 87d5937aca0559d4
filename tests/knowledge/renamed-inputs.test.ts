import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { loadKnowledge } from '../../src/knowledge/load-knowledge.js';

const { inputs } = await loadKnowledge();
const guide = readFileSync(new URL('../../cds-services/README.md', import.meta.url), 'utf8');
const table = guide.split('### When inputs were renamed\n')[1]?.split('\n\nTo find')[0] ?? '';
const rows = [...table.matchAll(/^\| (`.*?) \| (.*?) \|$/gm)].map(([, old = '', now = '']) => ({ old, now }));
const named = (cell: string): readonly string[] =>
  [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);

describe('the list of renamed inputs in the guide', () => {
  it('names none on the left that is still there', () => {
    const left = rows.flatMap(({ old }) => named(old));
    expect(left.length).toBeGreaterThan(20);
    expect(left.filter((name) => inputs.has(name))).toEqual([]);
  });

  it('names those that there are on the right', () => {
    const right = rows.flatMap(({ now }) => named(now));
    expect(right.filter((name) => !inputs.has(name))).toEqual([]);
  });
});
