import { change } from '../../src/engine/examples.js';
import { isObject } from '../../src/json.js';

/** What no request and no chart should hold, and some do. */
export const hostile: readonly unknown[] = [
  ...['\ud800', '<img src=x onerror=alert(1)>\udc00', '[a](javascript:alert(1))', '', ' ', 'x'.repeat(3000)],
  ...['__proto__', 'constructor', 'toString', '2026-13-40', '9999-12-31T23:59:60Z', 'Condition/\ud800'],
  ...['#\ud800', 'urn:uuid:\ud800', null, true, 0, -1, 1e308, {}, [], [null], [['x']], ['\ud800']],
  ...[{ text: '\ud800' }, { reference: '\ud800/\ud800' }, { extension: [] }, { start: 'constructor' }],
  { coding: [{ system: '__proto__', code: 'constructor', display: '\ud800' }] },
  { value: '1' },
  { value: 1, unit: 'constructor', code: '__proto__' },
  { value: 1, comparator: '\ud800' },
];

/**
 * `HOSTILE_STEP=1` plays all the values at each place; by default each place gets every tenth, and the places take turns.
 */
const step = Number(process.env['HOSTILE_STEP'] ?? 10);

type Path = readonly string[];

function placesIn(value: unknown, path: Path = []): readonly Path[] {
  const inner = Array.isArray(value) || isObject(value) ? Object.entries(value) : [];
  return inner.flatMap(([name, each]) => [[...path, name], ...placesIn(each, [...path, name])]);
}

/** The value with one of its elements replaced, for each element in turn, and what was done. */
export function* spoilt(
  value: unknown,
  isSpared: (path: Path) => boolean = () => false,
): Generator<{ readonly changed: unknown; readonly how: string }> {
  let turn = 0;
  for (const path of placesIn(value).filter((each) => !isSpared(each))) {
    turn++;
    for (let at = turn % step; at < hostile.length; at += step) {
      const how = `${path.join('.')} = ${JSON.stringify(hostile[at])}`;
      yield { changed: change(value, path, hostile[at]), how };
    }
  }
}
