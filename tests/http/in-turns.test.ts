import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { needing, needsFor, openingChart } from '../../src/engine/answer.js';
import { inTurns } from '../../src/http/in-turns.js';
import { shippedPrepared } from '../shared/knowledge.js';
import { post, startService, today } from './running.js';

const busy = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

function* work(steps: number, ms: number): Generator<undefined, string, undefined> {
  for (let done = 0; done < steps; done += 1) {
    busy(ms);
    yield;
  }
  return 'done';
}

/** How often something else came to its turn while the work was done. */
async function turnsOfOthers(steps: number, ms: number): Promise<number> {
  let turns = 0;
  let going = true;
  const other = (): void => {
    turns += 1;
    if (going) setImmediate(other);
  };
  setImmediate(other);
  expect(await inTurns(work(steps, ms))).toBe('done');
  going = false;
  return turns;
}

describe('work in turns', () => {
  it('lets others have theirs while it lasts', async () => {
    expect(await turnsOfOthers(10, 25)).toBeGreaterThanOrEqual(9);
  });

  it('is done at once when it is short', async () => {
    expect(await turnsOfOthers(10, 0)).toBe(0);
  });

  it('fails as its step failed', async () => {
    const failing = (function* (): Generator<undefined, string, undefined> {
      yield;
      throw new RangeError('no such step');
    })();
    await expect(inTurns(failing)).rejects.toThrow(new RangeError('no such step'));
  });
});

const subject = { reference: 'Patient/planted' };
const vertebra = { coding: [{ system: 'http://snomed.info/sct', code: '12989004' }] };
const lesionsOf = (count: number): readonly FhirResource[] =>
  Array.from({ length: count }, (_, index) => [
    { resourceType: 'BodyStructure', id: `b${index}`, location: vertebra, patient: subject },
    {
      resourceType: 'Observation',
      id: `o${index}`,
      status: 'final',
      code: {
        coding: [
          { system: 'https://bone-metastasis-cds.example/fhir/CodeSystem/finding', code: 'lesion-type' },
        ],
      },
      focus: [{ reference: `BodyStructure/b${index}` }],
      effectiveDateTime: '2026-11-01',
      subject,
    },
  ]).flat();

/** Runs the work in steps and counts them. */
function stepsOf<Result>(steps: Generator<undefined, Result, undefined>): {
  readonly count: number;
  readonly result: Result;
} {
  for (let count = 0; ; count += 1) {
    const step = steps.next();
    if (step.done === true) return { count, result: step.value };
  }
}

describe('the steps of a large call', () => {
  it('are one for every 256 resources of a chart, and one for each lesion and score', async () => {
    const prepared = await shippedPrepared();
    const opened = stepsOf(openingChart(prepared, lesionsOf(300), today));
    expect(opened.count).toBeGreaterThanOrEqual(Math.floor(600 / 256));
    const scored = stepsOf(opened.result.scoring());
    expect(scored.result.length).toBeGreaterThanOrEqual(300);
    expect(scored.count).toBeGreaterThanOrEqual(scored.result.length);
  });

  it('are one for each rule where it is found out which data orders need', async () => {
    const prepared = await shippedPrepared();
    const service = prepared.services.get('bone-metastasis-review');
    if (service === undefined) throw new Error('the service is there');
    const { count, result } = stepsOf(needing(prepared, service, { drafts: [], selected: 'all', today }));
    expect(count).toBeGreaterThanOrEqual(service.rules.length);
    expect(result).toEqual(needsFor(prepared, service, { drafts: [], selected: 'all', today }));
  });
});

describe('POST /scores', () => {
  it('lets others have their turn while charts of 300 lesions are scored', async () => {
    const service = await startService({}, { sandbox: false });
    const entry = lesionsOf(300).map((resource) => ({ resource }));
    const body = JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry });
    const started = performance.now();
    let last = started;
    let longest = 0;
    let going = true;
    const other = (): void => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
      if (going) setImmediate(other);
    };
    setImmediate(other);
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(`${service.url}/scores`, body)));
    going = false;
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(longest).toBeLessThan((performance.now() - started) / 2);
    await service.stop();
  });
});
