import { expect, it } from '@jest/globals';
import { compileValueSets } from '../../src/terminology/value-sets.js';
import { shippedSites, shippedValueSets, verifiedCodes } from './shipped.js';

/** Verified codes that nothing uses, each with the reason. */
const unused: Readonly<Record<string, string>> = {
  'http://snomed.info/sct|301438001':
    'the ability to mobilize, an observable: read again in several files, it does not say that somebody walks',
  'http://www.radlex.org|RID7741': 'names the spine in that set of data elements only',
};

it('every verified or probable code is in a value set or a body site, or has a reason not to be', () => {
  const result = compileValueSets(shippedValueSets);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const located = new Set(
    shippedSites.flatMap(({ codes }) => codes.map(({ system, code }) => `${system}|${code}`)),
  );
  const missing = verifiedCodes.filter((coding) => {
    const [system, code] = coding.split('|');
    return !located.has(coding) && result.terminology.setsOf(system, code).length === 0;
  });
  expect(missing).toEqual(Object.keys(unused));
});
