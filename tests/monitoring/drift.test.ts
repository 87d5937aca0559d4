import { describe, expect, it } from '@jest/globals';
import { driftOf, type Drift } from '../../src/monitoring/drift.js';
import { countCall, countCard, emptyTally } from '../../src/monitoring/tally.js';
import { weeksOf } from '../../src/monitoring/weeks.js';
import { aCard, anAudit } from '../feedback/places.js';
import { at } from './store-of-weeks.js';

interface Answers {
  readonly fires?: number;
  readonly unknown?: number;
  readonly silent?: number;
}

/** What is seen at the end of weeks in which a rule gave these answers. */
function seen(weekly: readonly Answers[]): readonly Drift[] {
  const tally = emptyTally();
  weekly.forEach((answers, week) => {
    for (const [outcome, count] of Object.entries(answers) as readonly [string, number][]) {
      for (let index = 0; index < count; index++)
        countCall(tally, anAudit({ time: at(week), outcomes: { r: outcome } }));
    }
  });
  return driftOf(tally, weeksOf(at(0, 0, 0), at(weekly.length, 0, 0)));
}

const kinds = (weekly: readonly Answers[]): readonly string[] => seen(weekly).map(({ kind }) => kind);
const repeat = (times: number, answers: Answers): readonly Answers[] =>
  Array.from({ length: times }, () => answers);

const often = { fires: 10, silent: 40 };
const quiet = { silent: 50 };

describe('a rule', () => {
  it.each<[string, readonly Answers[], readonly string[]]>([
    ['fired weekly and is silent for two weeks', [...repeat(4, often), quiet, quiet], ['fell-silent']],
    ['is silent for one week', [...repeat(5, often), quiet], ['less-often']],
    ['fired in three of four weeks', [quiet, ...repeat(3, often), quiet, quiet], []],
    ['is not asked any more', [...repeat(4, often), {}, {}], []],
    ['fires as before', repeat(6, often), []],
    ['fires more than twice as often', [...repeat(5, often), { fires: 21, silent: 29 }], ['more-often']],
    ['fires twice as often', [...repeat(5, often), { fires: 20, silent: 30 }], []],
    ['fires more often, nine times', [...repeat(5, quiet), { fires: 9, silent: 1 }], []],
    ['begins to fire, ten times', [...repeat(5, quiet), { fires: 10, silent: 40 }], ['more-often']],
    ['is asked twice as often', [...repeat(5, often), { fires: 20, silent: 80 }], []],
    ['fires less than half as often', [...repeat(5, often), { fires: 4, silent: 46 }], ['less-often']],
    ['fires half as often', [...repeat(5, often), { fires: 5, silent: 45 }], []],
    ['was expected nine times and did not fire', [...repeat(5, { fires: 9, silent: 41 }), quiet], []],
    ['is undecided a fifth of all more', [...repeat(5, quiet), { unknown: 10, silent: 40 }], []],
    ['is undecided more often', [...repeat(5, quiet), { unknown: 11, silent: 39 }], ['undecided']],
    ['is undecided more often, in few answers', [...repeat(5, quiet), { unknown: 49 }], []],
    ['is known for five weeks only', [...repeat(3, often), quiet, quiet], []],
  ])('that %s', (_what, weekly, expected) => {
    expect(kinds(weekly)).toEqual(expected);
  });

  it('is told with its figures', () => {
    expect(seen([...repeat(4, often), quiet, quiet])).toEqual([
      { kind: 'fell-silent', rule: 'r', before: 10 },
    ]);
    expect(seen([...repeat(5, often), { fires: 25, silent: 25 }])).toEqual([
      { kind: 'more-often', rule: 'r', now: 0.5, before: 0.2 },
    ]);
  });

  it.each([
    [8, 2, []],
    [9, 2, ['declined']],
    // Nine items of feedback.
    [9, 0, []],
    [10, 0, ['declined']],
  ])('whose cards were declined %i times and accepted %i times', (declined, accepted, expected) => {
    const tally = emptyTally();
    const judged = (outcome: 'accepted' | 'overridden', count: number): void => {
      for (let index = 0; index < count; index++) {
        const feedback = { outcome, reason: '', at: at(1) };
        countCard(tally, { ...aCard(), issuedAt: at(index % 4), feedback }, new Set());
      }
    };
    judged('overridden', declined);
    judged('accepted', accepted);
    expect(driftOf(tally, weeksOf(at(0, 0, 0), at(4, 0, 0))).map(({ kind }) => kind)).toEqual(expected);
  });
});
