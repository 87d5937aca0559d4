import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Gathered } from '../../src/data/types.js';
import { observation, searchset } from '../fhir/misbehaving-server.js';
import { ORDER, PATIENT, answers, fhir, gathered, provision } from './patient-server.js';

/** What a service can see of the data, whatever the way they came. */
export function visible({ provisions, companions, setAside }: Gathered): unknown {
  return [
    [...provisions].map(([key, one]) =>
      one.state === 'missing' ? [key, one] : [key, one.resources, one.incomplete, one.because],
    ),
    companions,
    [...setAside],
  ];
}

it('gives the same data whatever subset of keys was prefetched', async () => {
  const full: Record<string, unknown> = {
    patient: PATIENT,
    observations: searchset([observation('a'), observation('b')]),
    medications: searchset([ORDER]),
  };
  const expected = visible(await gathered({ fhir: fhir() }));
  const subset = fc.subarray(Object.keys(full));
  const pagedPrefetch = fc.boolean();
  await fc.assert(
    fc.asyncProperty(subset, pagedPrefetch, async (keys, paged) => {
      const prefetch = Object.fromEntries(keys.map((key) => [key, full[key]]));
      if (paged && keys.includes('observations')) prefetch.observations = answers['Observation?patient=1'];
      expect(visible(await gathered({ prefetch, fhir: fhir() }))).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

it('survives any prefetched value, and reads no data into what is no resource', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const [one] = (await gathered({ prefetch: { observations: value } })).provisions.values();
      expect(one).toEqual({ state: 'missing', reason: 'no-fhir-access' });
      const observations = await provision('observations', { prefetch: { observations: value } });
      if (value !== null) expect(observations).toEqual({ state: 'missing', reason: 'wrong-shape' });
    }),
  );
});
