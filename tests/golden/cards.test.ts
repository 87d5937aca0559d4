import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cardsOf, denosumab, orderSign, patientView, post, startService, type TestService } from '../http/running.js';

/**
 * Whole answers, small enough to be read in a review: one per story. `UPDATE_GOLDENS=1` writes them anew; the diff is
 * then read by a clinician.
 */
const stories = [
  { name: 'dental-assessment-en', service: 'antiresorptive-safety', language: 'en', request: orderSign('john-whitfield', [denosumab('john-whitfield')]) },
  { name: 'sins-surgical-opinion-fr', service: 'bone-metastasis-review', language: 'fr', request: patientView('claire-moreau') },
  { name: 'sins-incomplete-en', service: 'bone-metastasis-review', language: 'en', request: patientView('amina-benali') },
] as const;

let service: TestService;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

/** The first card as a reader sees it, and what it carries; ids and the port change with each run, versions with any change. */
function readable(text: string): unknown {
  return JSON.parse(
    text
      .replace(/"uuid":"[0-9a-f-]{36}",?/g, '')
      .replace(/"version":"\d+\.\d+\.\d+",?/g, '')
      .replaceAll(service.url, 'https://cds.example.org'),
  );
}

describe('the answer of a story', () => {
  it.each(stories)('$name is what was reviewed', async ({ name, service: id, language, request }) => {
    const answer = await post(
      `${service.url}/cds-services/${id}`,
      { ...request, fhirServer: `${service.url}/sandbox/fhir` },
      { 'accept-language': language },
    );
    const [first] = cardsOf(answer);
    const shown = readable(JSON.stringify(first));
    const file = `tests/golden/${name}.json`;
    if (process.env['UPDATE_GOLDENS'] === '1') {
      writeFileSync(file, `${JSON.stringify(shown, undefined, 2)}\n`);
    }
    expect(shown).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });
});
