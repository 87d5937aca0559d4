import { describe, expect, it } from '@jest/globals';
import { lesionKinds, sizes } from '../../bench/charts.js';
import { makeHospital } from '../../bench/production.js';
import { stages, stagesOf, type Functions } from '../../bench/stages.js';
import * as request from '../../src/cds-hooks/request.js';
import * as response from '../../src/cds-hooks/response.js';
import * as gathering from '../../src/data/gather.js';
import * as answering from '../../src/engine/answer.js';
import * as opening from '../../src/engine/case.js';
import * as saying from '../../src/engine/said-before.js';
import * as hashes from '../../src/feedback/keyed-hash.js';
import * as shape from '../../src/http/json-shape.js';
import * as knowing from '../../src/http/known.js';
import * as starting from '../../src/start.js';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { prepared } from '../chart/charts.js';

const functions: Functions = {
  ...shape,
  ...request,
  ...response,
  ...gathering,
  ...answering,
  ...opening,
  ...saying,
  ...hashes,
  ...knowing,
  ...starting,
};

/** What the bench measures must be calls with an answer: charts that make cards, of the sizes that are told. */
describe('the charts of the bench', () => {
  it.each(sizes.flatMap((size) => lesionKinds.map((lesions) => [size, lesions] as const)))(
    '%s, lesions %s: a review makes cards, stage by stage',
    async (size, lesions) => {
      const { bytes, cards, microseconds } = await stagesOf(functions, prepared, size, lesions, {
        warm: 1,
        perRound: 1,
      });
      const kilobytes = { small: [3, 9], medium: [35, 55], large: [400, 470], huge: [850, 950] }[size];
      expect(bytes / 1024).toBeGreaterThan(kilobytes[0] ?? 0);
      expect(bytes / 1024).toBeLessThan(kilobytes[1] ?? 0);
      expect(cards).toBeGreaterThan(0);
      expect(Object.keys(microseconds)).toEqual([...stages]);
    },
  );
});

describe('the callers of the bench', () => {
  it('sign each call with a token of its own', async () => {
    const hospital = await makeHospital();
    for (const algorithm of ['es384', 'rs384'] as const) {
      const signed = (await hospital.tokens(algorithm, '/cds-services/x', 2)).map((each) =>
        each.replace('Bearer ', ''),
      );
      expect(signed.map((token) => decodeProtectedHeader(token).alg?.toLowerCase())).toEqual([
        algorithm,
        algorithm,
      ]);
      expect(decodeJwt(signed[0] ?? '').aud).toBe('https://cds.example.org/cds-services/x');
      expect(new Set(signed.map((token) => decodeJwt(token).jti)).size).toBe(2);
    }
  });
});
