import { expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { ValueSet } from 'fhir/r4.js';
import type { BodySite } from '../../src/knowledge/types.js';
import { compileValueSets } from '../../src/terminology/value-sets.js';

const folder = new URL('../../cds-services/', import.meta.url);
const verified: readonly string[] = JSON.parse(
  readFileSync(new URL('verified-codes.json', import.meta.url), 'utf8'),
);

/** Verified codes that nothing uses, each with the reason. */
const unused: Readonly<Record<string, string>> = {
  'http://radelement.org|RDES21':
    'a set of data elements, not an observation code: it has no pain item and no total',
  'http://www.radlex.org|RID7741': 'names the spine in that set of data elements only',
};

it('every verified or probable code is in a value set or a body site, or has a reason not to be', () => {
  const result = compileValueSets(
    readdirSync(new URL('value-sets/', folder)).map((name): ValueSet =>
      JSON.parse(readFileSync(new URL(`value-sets/${name}`, folder), 'utf8')),
    ),
  );
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const sites: readonly BodySite[] = parse(readFileSync(new URL('body-sites.yaml', folder), 'utf8'));
  const located = new Set(sites.flatMap(({ codes }) => codes.map(({ system, code }) => `${system}|${code}`)));
  const missing = verified.filter((coding) => {
    const [system, code] = coding.split('|');
    return !located.has(coding) && result.terminology.setsOf(system, code).length === 0;
  });
  expect(missing).toEqual(Object.keys(unused));
});
