import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readSample, sampleLines } from '../../src/cli/sample.js';
import { prepared } from '../chart/charts.js';

const folder = mkdtempSync(join(tmpdir(), 'cds-sample-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const local = 'https://hospital.example/drugs';
const subject = { reference: 'Patient/p1' };
const patient = { resourceType: 'Patient', id: 'p1', name: [{ family: 'Moreau' }] };
const order = (concept: object) => ({
  resourceType: 'MedicationRequest',
  status: 'active',
  intent: 'order',
  subject,
  medicationCodeableConcept: concept,
});
const zometa = order({ coding: [{ system: local, code: 'ZOM4', display: 'Zometa 4 mg' }] });

writeFileSync(
  join(folder, 'bundle.json'),
  JSON.stringify({
    resourceType: 'Bundle',
    entry: [{ resource: patient }, { resource: zometa }, { resource: zometa }],
  }),
);
writeFileSync(join(folder, 'orders.ndjson'), `${JSON.stringify(zometa)}\n\nno json\n`);
writeFileSync(
  join(folder, 'more.ndjson.gz'),
  gzipSync(
    `${JSON.stringify(order({ text: 'Traitement de Mme Moreau' }))}\n${JSON.stringify({ resourceType: 'Claim' })}`,
  ),
);
const lines = sampleLines(prepared, await readSample(folder));

describe('a sample of a hospital’s resources', () => {
  it('is read whatever the files are: Bundles, lines, gzip', () => {
    expect(lines.find((line) => line.startsWith('sample:'))).toBe(
      'sample: 5 resources of types that rules read; 4 not understood, 2 different codes and texts; 1 lines or files that are no JSON',
    );
  });

  it('has the most frequent code first, and no name of the patient', () => {
    const counted = lines.filter((line) => /^ +\d+ {2}/.test(line));
    expect(counted.map((line) => line.trim())).toEqual([
      `3  MedicationRequest  ${local}|ZOM4  Zometa 4 mg`,
      '1  MedicationRequest  (no code)',
    ]);
    expect(lines.join('\n')).not.toMatch(/moreau/i);
  });

  it('ends with lines for the overlay, under the value set that the words suggest', () => {
    const at = lines.findIndex((line) => line.startsWith('# zoledronic-acid'));
    expect(at).toBeGreaterThan(0);
    expect(lines[at + 1]).toBe(
      `#   - {"system":"${local}","code":"ZOM4","display":"Zometa 4 mg","reason":"to be checked; seen 3 times in MedicationRequest"}`,
    );
  });

  it('names the rules that no order in these code systems can reach', () => {
    const reach = lines.find((line) =>
      line.startsWith('cannot fire: antiresorptive-safety, MedicationRequest'),
    );
    expect(reach).toContain(local);
    expect(reach).toContain('dental-assessment-before-antiresorptive');
  });
});
