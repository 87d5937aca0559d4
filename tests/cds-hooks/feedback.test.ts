import { describe, expect, it } from '@jest/globals';

import { readFeedback } from '../../src/cds-hooks/feedback.js';

const CARD = '4e0a3a1e-3283-4575-ab82-028d55fe2719';
const SUGGESTION = 'e56e1945-20b3-4393-8503-a1a20fd73152';

const accept = {
  card: CARD,
  outcome: 'accepted',
  acceptedSuggestions: [{ id: SUGGESTION }],
  outcomeTimestamp: '2021-12-11T10:05:31Z',
};

const decline = {
  card: CARD,
  outcome: 'overridden',
  overrideReason: {
    reason: { code: 'already-done', system: 'https://ehr.example.org/reasons', display: 'Already done' },
    userComment: 'seen yesterday',
  },
  outcomeTimestamp: '2021-12-11T10:05:31Z',
};

function accepted(...items: readonly unknown[]) {
  const reading = readFeedback({ feedback: items });
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.feedback;
}

function refusedAt(...items: readonly unknown[]): readonly string[] {
  const reading = readFeedback({ feedback: items });
  return reading.ok ? [] : reading.problems.map((problem) => problem.path);
}

const utc = (outcomeTimestamp: string) => accepted({ ...accept, outcomeTimestamp })[0]?.outcomeTimestamp;

describe('a feedback body', () => {
  it('may report several cards, and the same card again', () => {
    expect(accepted(accept, decline, accept)).toEqual([
      { ...accept, outcomeTimestamp: '2021-12-11T10:05:31.000Z' },
      { ...decline, outcomeTimestamp: '2021-12-11T10:05:31.000Z' },
      { ...accept, outcomeTimestamp: '2021-12-11T10:05:31.000Z' },
    ]);
  });

  it('may be empty, which reports nothing', () => {
    expect(accepted()).toEqual([]);
  });

  it.each([null, 'text', 5, true])('is refused when it is %j', (body) => {
    expect(readFeedback(body)).toMatchObject({ ok: false, problems: [{ path: '' }] });
  });

  it('is refused when it is a bare array or a bare item', () => {
    expect(readFeedback([accept])).toMatchObject({ ok: false, problems: [{ path: '' }] });
    expect(readFeedback(accept)).toMatchObject({
      ok: false,
      problems: [{ path: 'feedback', reason: 'required' }],
    });
    expect(readFeedback({ feedback: accept })).toMatchObject({ ok: false, problems: [{ path: 'feedback' }] });
  });

  it('with one bad item is refused whole, naming the item', () => {
    expect(refusedAt(accept, { ...accept, outcome: 'ignored' }, decline)).toEqual(['feedback[1].outcome']);
  });

  it('lists every problem of every item', () => {
    expect(refusedAt({}, 'text', { ...accept, card: 7 })).toEqual([
      'feedback[0].card',
      'feedback[0].outcome',
      'feedback[0].outcomeTimestamp',
      'feedback[1]',
      'feedback[2].card',
    ]);
  });

  it('holds at most 1 000 items', () => {
    expect(accepted(...new Array<unknown>(1000).fill(decline))).toHaveLength(1000);
    expect(refusedAt(...new Array<unknown>(1001).fill(decline))).toEqual(['feedback']);
  });

  it('nested 10 000 levels deep is refused without overflowing the stack', () => {
    const deep: unknown = JSON.parse(`{"feedback":${'['.repeat(10_000)}${']'.repeat(10_000)}}`);
    expect(readFeedback(deep)).toMatchObject({ ok: false, problems: [{ path: '' }] });
  });

  it('never has its content repeated in a problem', () => {
    const reading = readFeedback({
      feedback: [{ ...decline, card: 'é Martin', outcomeTimestamp: 'Martin' }],
    });
    expect(reading.ok).toBe(false);
    expect(JSON.stringify(reading)).not.toContain('Martin');
  });
});

describe('an accepted card', () => {
  it.each([undefined, null, [], {}, '', [{}], [SUGGESTION], [{ id: '' }], { id: SUGGESTION }, 7])(
    'is refused with %j as its suggestions',
    (acceptedSuggestions) => {
      expect(refusedAt({ ...accept, acceptedSuggestions })[0]).toMatch(/^feedback\[0\]\.acceptedSuggestions/);
    },
  );

  it('may have several suggestions', () => {
    const acceptedSuggestions = [{ id: SUGGESTION, extension: {} }, { id: 'another' }];
    expect(accepted({ ...accept, acceptedSuggestions })[0]).toMatchObject({
      acceptedSuggestions: [{ id: SUGGESTION }, { id: 'another' }],
    });
  });

  it('has no override reason, even when one was sent', () => {
    expect(accepted({ ...accept, overrideReason: {} })[0]).not.toHaveProperty('overrideReason');
  });

  it('is matched whatever the case of its uuids', () => {
    const upper = { card: CARD.toUpperCase(), acceptedSuggestions: [{ id: SUGGESTION.toUpperCase() }] };
    expect(accepted({ ...accept, ...upper })[0]).toMatchObject({
      card: CARD,
      acceptedSuggestions: [{ id: SUGGESTION }],
    });
  });
});

describe('an overridden card', () => {
  it.each([undefined, null, ''])('needs no reason: %j', (overrideReason) => {
    expect(accepted({ ...decline, overrideReason })[0]).not.toHaveProperty('overrideReason');
  });

  it.each([{}, { reason: null }, { userComment: '' }, { reason: {} }, 'text', []])(
    'is refused with %j as its reason',
    (overrideReason) => {
      expect(refusedAt({ ...decline, overrideReason })).toEqual(['feedback[0].overrideReason']);
    },
  );

  it('is refused with a reason that has no code', () => {
    const overrideReason = { reason: { code: null, display: 'Already done' } };
    expect(refusedAt({ ...decline, overrideReason })).toEqual(['feedback[0].overrideReason.reason.code']);
  });

  it.each([
    { reason: { code: 'x' } },
    { reason: { code: 'x', system: 'https://ehr.example.org' } },
    { userComment: 'not today' },
  ])('may have %j as its reason', (overrideReason) => {
    expect(accepted({ ...decline, overrideReason })[0]).toMatchObject({ overrideReason });
  });

  it('ignores suggestions and unknown members', () => {
    const item = { ...decline, acceptedSuggestions: 7, extension: { 'com.example.x': 1 }, foo: null };
    expect(accepted(item)).toEqual(accepted(decline));
  });

  it('may have a comment of 5 000 characters, not of 5 001', () => {
    const comment = (length: number) => ({
      ...decline,
      overrideReason: { userComment: '\u{1F9B4}'.repeat(length) },
    });
    expect(refusedAt(comment(5000))).toEqual([]);
    expect(readFeedback({ feedback: [comment(5001)] })).toMatchObject({
      problems: [{ path: 'feedback[0].overrideReason.userComment', reason: 'too-long' }],
    });
  });

  it('has lone surrogates in its comment replaced, which no store could keep', () => {
    const overrideReason = { userComment: 'a\uD800b' };
    expect(accepted({ ...decline, overrideReason })[0]).toMatchObject({
      overrideReason: { userComment: 'a\uFFFDb' },
    });
  });
});

describe('the card of an item', () => {
  it.each([undefined, null, '', {}, 7, 'a b', 'x'.repeat(129)])('is refused when it is %j', (card) => {
    expect(refusedAt({ ...accept, card })).toEqual(['feedback[0].card']);
  });

  it('may be unknown to us and of any form', () => {
    expect(accepted({ ...accept, card: 'some-card' })[0]).toMatchObject({ card: 'some-card' });
  });
});

describe('the time of an outcome', () => {
  it.each([
    ['2021-12-11T10:05:31Z', '2021-12-11T10:05:31.000Z'],
    ['2021-12-11T10:05:31.25Z', '2021-12-11T10:05:31.250Z'],
    ['2021-12-11T10:05:31.123456789Z', '2021-12-11T10:05:31.123Z'],
    ['2021-12-11T10:05:31+02:00', '2021-12-11T08:05:31.000Z'],
    ['2021-12-31T23:30:00-01:00', '2022-01-01T00:30:00.000Z'],
    ['2021-12-11t10:05:31z', '2021-12-11T10:05:31.000Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.000Z'],
  ])('%s is %s', (given, expected) => {
    expect(utc(given)).toBe(expected);
  });

  it.each([
    undefined,
    '2021-12-11',
    '2021-12-11T10:05:31',
    '2021-12-11T10:05Z',
    '2021-02-30T10:05:31Z',
    '2021-12-11T25:05:31Z',
    '2021-12-11T10:05:31+2',
    '11/12/2021',
    '',
    1639217131000,
  ])('is refused when it is %j', (outcomeTimestamp) => {
    expect(refusedAt({ ...accept, outcomeTimestamp })).toEqual(['feedback[0].outcomeTimestamp']);
  });
});
