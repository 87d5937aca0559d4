import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { compileValueSets } from '../../src/terminology/value-sets.js';
import {
  isObject,
  readJson,
  shippedSites as sites,
  shippedValueSets as valueSets,
  valueSetFiles as files,
} from './shipped.js';

const siteIds = sites.map(({ id }) => id);

const result = compileValueSets(valueSets);
if (!result.ok) throw new Error(JSON.stringify(result.problems));
const { terminology } = result;

const S = 'http://snomed.info/sct';
const I = 'http://hl7.org/fhir/sid/icd-10';
const CM = 'http://hl7.org/fhir/sid/icd-10-cm';
const RX = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const ATC = ['http://www.whocc.no/atc', 'https://smt.esante.gouv.fr/terminologie-atc'];
const holds = (id: string, system: string, code: string): boolean =>
  terminology.memberOf(id, { system, code });

describe('the shipped value sets', () => {
  it('are named after their files, with a canonical URL, a version and a French title', () => {
    for (const [index, valueSet] of valueSets.entries()) {
      expect(`${valueSet.id}.json`).toBe(files[index]);
      expect(valueSet.url).toBe(`https://bone-metastasis-cds.example/fhir/ValueSet/${valueSet.id}`);
      expect(valueSet).toMatchObject({
        version: expect.stringMatching(/^1\.\d+\.\d+$/),
        status: 'active',
        title: expect.any(String),
      });
      expect(JSON.stringify(valueSet._title)).toContain('"valueCode":"fr"');
    }
  });

  it.each([
    ['bone-metastases', S, '94222008', true],
    ['liver-metastases', S, '94222008', false],
    ['liver-metastases', S, '94381002', true],
    ['bone-metastases', I, 'C795', true],
    ['bone-metastases', I, 'C79.5', true],
    ['bone-metastases', CM, 'C79.51', true],
    ['bone-metastases', CM, 'C79.52', false],
    ['bone-metastases', I, 'C7952', false],
    ['bone-metastases', S, '94217008', false],
    ['metastatic-disease-any', CM, 'C79.52', true],
    ['cementoplasty', S, '392010000', false],
    ['hypercalcaemia', S, '66931009', true],
    ['hypercalcaemia', I, 'E83.58', false],
    ['coagulation-disorder', I, 'D68.9', true],
    ['coagulation-disorder', I, 'D68.5', false],
    ['creatinine-clearance', 'http://loinc.org', '2164-2', false],
    ['cord-compression', S, '94600009', false],
    ['primary-cancers', I, 'C34.1', true],
    ['primary-cancers', I, 'C80.0', true],
    ['primary-cancers', I, 'C79.5', false],
    ['primary-cancers', I, 'C77.0', false],
    ['zoledronic-acid', RX, '77655', true],
    ['zoledronic-acid', S, '77655', false],
    ['aspirin', RX, '1191', true],
    ['aspirin', 'http://loinc.org', '1191', false],
  ])('%s holds %s|%s: %p', (id, system, code, expected) => {
    expect(holds(id, system, code)).toBe(expected);
  });

  it.each(ATC)('read drug classes and former codes under %s', (atc) => {
    expect(holds('gcsf', atc, 'L03AA02')).toBe(true);
    expect(holds('egfr-inhibitors', atc, 'L01EB04')).toBe(true);
    expect(holds('egfr-inhibitors', atc, 'L01XE35')).toBe(true);
    expect(holds('egfr-inhibitors', atc, 'L01XE01')).toBe(false);
    expect(holds('antiresorptives', atc, 'M05BX04')).toBe(true);
    expect(holds('antiresorptives', atc, 'M05BX03')).toBe(false);
    expect(holds('nephrotoxic-drugs', atc, 'M01AX05')).toBe(false);
    expect(holds('chemotherapy', atc, 'L01FF02')).toBe(false);
  });

  it('give LOINC codes the name that LOINC gives them, or none: never shortened, never one name for two', () => {
    const concepts = valueSets
      .flatMap(({ compose }) => compose?.include ?? [])
      .filter(({ system }) => system === 'http://loinc.org')
      .flatMap(({ concept = [] }) => concept)
      .flatMap(({ code, display }) => (display === undefined ? [] : [{ code, display }]));
    expect(concepts.filter(({ display }) => display.includes('...'))).toEqual([]);
    const names = new Map(concepts.map(({ code, display }) => [code, display]));
    expect(new Set(names.values()).size).toBe(names.size);
  });

  it('hold no code of the optical coherence tomography anywhere', () => {
    expect(terminology.setsOf(S, '392010000')).toEqual([]);
  });
});

describe('the shipped body sites', () => {
  it('follow their schema', () => {
    const ajv = new Ajv({ allErrors: true, strict: false });
    formats.default(ajv);
    const [common, schema] = ['common', 'body-sites'].map((name) => readJson(`schemas/${name}.schema.json`));
    if (!isObject(common) || !isObject(schema)) throw new Error('a schema is an object');
    const validate = ajv.addSchema(common).compile(schema);
    validate(sites);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('have each id and each code once, and name only sites that exist', () => {
    const codes = sites.flatMap((site) => site.codes.map(({ system, code }) => `${system}|${code}`));
    expect(new Set(codes).size).toBe(codes.length);
    expect(new Set(siteIds).size).toBe(siteIds.length);
    expect(sites.flatMap(({ oneOf }) => oneOf ?? []).filter((id) => !siteIds.includes(id))).toEqual([]);
  });

  it.each([
    ['94300004', 'femur'],
    ['23215003', 'T12'],
    ['280849005', 'T12'],
    ['39976000', 'C2'],
    ['297172009', 'thoracolumbar-region'],
  ])('read SNOMED CT %s as %s', (code, id) => {
    expect(sites.find((site) => site.codes.some((coding) => coding.code === code))?.id).toBe(id);
  });
});
