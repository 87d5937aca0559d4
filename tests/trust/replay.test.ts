import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ReplayMemoryFull, createReplayMemory, createSharedReplayGuard } from '../../src/trust/replay.js';
import type { ReplayGuard } from '../../src/trust/replay.js';

/** A wall clock and an elapsed clock that tests move, together or apart. */
const clocks = () => {
  let wall = 1_000_000;
  let elapsed = 0;
  return {
    now: () => new Date(wall),
    elapsedMs: () => elapsed,
    pass: (ms: number) => {
      wall += ms;
      elapsed += ms;
    },
    jump: (ms: number) => {
      wall += ms;
    },
    inMs: (ms: number) => new Date(wall + ms),
  };
};

describe('the memory of used tokens', () => {
  it('knows a token until it has expired', () => {
    const clock = clocks();
    const memory = createReplayMemory(clock);
    const expiresAt = clock.inMs(1000);
    expect(memory.firstUse('a', '1', expiresAt)).toBe(true);
    clock.pass(999);
    expect(memory.firstUse('a', '1', expiresAt)).toBe(false);
    clock.pass(1);
    expect(memory.firstUse('a', '1', clock.inMs(1000))).toBe(true);
  });

  it('knows a token whatever the wall clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100_000, max: 100_000 })), (jumps) => {
        const clock = clocks();
        const memory = createReplayMemory(clock);
        const expiresAt = clock.inMs(1000);
        memory.firstUse('a', '1', expiresAt);
        for (const jump of jumps) {
          clock.jump(jump);
          expect(memory.firstUse('a', '1', expiresAt)).toBe(false);
        }
      }),
    );
  });

  it('knows a token that a clock set back has made valid for longer', () => {
    const clock = clocks();
    const memory = createReplayMemory(clock);
    const expiresAt = clock.inMs(1000);
    memory.firstUse('a', '1', expiresAt);
    clock.jump(-10_000);
    clock.pass(10_999);
    expect(memory.firstUse('a', '1', expiresAt)).toBe(false);
    clock.pass(1);
    expect(memory.firstUse('a', '1', expiresAt)).toBe(true);
  });

  it('does not mix up issuers and tokens whose names run together', () => {
    const clock = clocks();
    const memory = createReplayMemory(clock);
    const expiresAt = clock.inMs(1000);
    const pairs: readonly (readonly [string, string])[] = [
      ['a', 'bc'],
      ['ab', 'c'],
      ['a","b', 'c'],
      ['a', 'b","c'],
    ];
    expect(pairs.map(([issuer, jti]) => memory.firstUse(issuer, jti, expiresAt))).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it('is bounded: when full it records nothing, and room comes back as tokens expire', () => {
    const clock = clocks();
    const memory = createReplayMemory({ ...clock, capacity: 2 });
    const expiresAt = clock.inMs(5000);
    memory.firstUse('a', '1', expiresAt);
    memory.firstUse('a', '2', expiresAt);
    expect(() => memory.firstUse('a', '3', expiresAt)).toThrow(ReplayMemoryFull);
    expect(memory.firstUse('a', '1', expiresAt)).toBe(false);
    clock.pass(5000);
    expect(memory.firstUse('a', '3', clock.inMs(5000))).toBe(true);
  });
});

describe('the guard over a shared store', () => {
  const answering = (first: boolean): ReplayGuard => ({ firstUse: () => Promise.resolve(first) });
  const gone: ReplayGuard = { firstUse: () => Promise.reject(new Error('locked')) };
  const full: ReplayGuard = {
    firstUse: () => {
      throw new ReplayMemoryFull();
    },
  };
  const expiresAt = new Date(0);

  const use = async (store: ReplayGuard, memory: ReplayGuard) =>
    createSharedReplayGuard(store, memory).firstUse('a', '1', expiresAt);

  it.each([
    ['both say first', true, true, true],
    ['another instance has seen it', false, true, false],
    ['this instance has seen it', true, false, false],
  ])('%s', async (_, store, memory, first) => {
    expect(await use(answering(store), answering(memory))).toBe(first);
  });

  it('lets the memory decide while the store is gone', async () => {
    const clock = clocks();
    const later = clock.inMs(1000);
    const guard = createSharedReplayGuard(gone, createReplayMemory(clock));
    expect([await guard.firstUse('a', '1', later), await guard.firstUse('a', '1', later)]).toEqual([
      true,
      false,
    ]);
  });

  it('lets the store decide while the memory is full, and rejects when neither can record', async () => {
    expect(await use(answering(true), full)).toBe(true);
    expect(await use(answering(false), full)).toBe(false);
    await expect(use(gone, full)).rejects.toThrow(ReplayMemoryFull);
  });
});
