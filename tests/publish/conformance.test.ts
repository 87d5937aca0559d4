import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { CodeSystem, Extension, PlanDefinition, ValueSet } from 'fhir/r4.js';
import r4 from 'fhirpath/fhir-context/r4/index.js';
import { publish, type Published, type PublishedResource } from '../../src/publish/publish.js';
import { loadPrepared } from '../../src/start.js';

const overlay = fileURLToPath(new URL('../../fixtures/local-hospital', import.meta.url));
const [shipped, local] = await Promise.all(
  [undefined, overlay].map((localKnowledge) => loadPrepared({ localKnowledge, guidelineEdition: '2024' })),
);
if (shipped === undefined || local === undefined) throw new Error('two sets of knowledge');
const english = publish(shipped.knowledge, { edition: '2024', language: 'en' });
const french = publish(shipped.knowledge, { edition: '2024', language: 'fr' });
const hospital = publish(local.knowledge, { edition: '2024', language: 'en' });

const isPlan = (each: PublishedResource): each is PlanDefinition => each.resourceType === 'PlanDefinition';
const isValueSet = (each: PublishedResource): each is ValueSet => each.resourceType === 'ValueSet';

function codeSystem(id: string, table: Published): CodeSystem {
  const found = table.CodeSystem.get(id);
  if (found?.resourceType !== 'CodeSystem') throw new Error(`no CodeSystem ${id}`);
  return found;
}

/** Every extension with the path of the element that holds it, as `CodeSystem.concept`. */
function extensionsOf(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (Array.isArray(value)) return value.flatMap((each) => extensionsOf(each, path));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, held]) => {
    if (name !== 'extension') return extensionsOf(held, `${path}.${name}`);
    return (held as readonly Extension[]).map(({ url }) => [url, path] as const);
  });
}

/** Where the R4 definition (or, for `variable`, the extensions pack; for the form, SDC) lets an extension stand. */
const contexts: Readonly<Record<string, RegExp>> = {
  'http://hl7.org/fhir/StructureDefinition/translation': /\._\w+$/,
  'http://hl7.org/fhir/StructureDefinition/ordinalValue':
    /^(CodeSystem\.concept|Questionnaire\.item\.answerOption(\.valueCoding)?)$/,
  'http://hl7.org/fhir/StructureDefinition/variable': /^PlanDefinition$/,
  'http://hl7.org/fhir/StructureDefinition/artifact-versionAlgorithm': /^Questionnaire$/,
  'http://hl7.org/fhir/StructureDefinition/questionnaire-hidden': /^Questionnaire\.item$/,
  'http://hl7.org/fhir/StructureDefinition/questionnaire-referenceResource': /^Questionnaire\.item$/,
  'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression':
    /^Questionnaire\.item$/,
};

describe('what is published', () => {
  it('uses only extensions that are defined, where they are defined', () => {
    const used = Object.values(english)
      .flatMap((table) => [...table.values()])
      .flatMap((resource) => extensionsOf(resource, resource.resourceType));
    const wrong = new Set(
      used
        .filter(([url, path]) => contexts[url]?.test(path) !== true)
        .map(([url, path]) => `${path}: ${url}`),
    );
    expect([...wrong]).toEqual([]);
    expect(used.some(([, path]) => path === 'CodeSystem.concept')).toBe(true);
  });

  it('filters data by elements that R4 has', () => {
    const paths = [...english.PlanDefinition.values()]
      .filter(isPlan)
      .flatMap(({ action = [] }) => action.flatMap(({ input = [] }) => input))
      .flatMap(({ type, codeFilter = [] }) => codeFilter.map(({ path = '' }) => `${type}.${path}`));
    const exists = (path: string): boolean => path in r4.path2Type || path in r4.choiceTypePaths;
    expect([...new Set(paths)].filter((path) => !exists(path))).toEqual([]);
    expect(paths).toContain('Encounter.type');
  });

  it('says what «parent» means where a code system uses it', () => {
    expect(codeSystem('score', english).hierarchyMeaning).toBe('grouped-by');
    expect(codeSystem('finding', english).hierarchyMeaning).toBeUndefined();
  });

  it('names the owners of the codes that a value set lists, and of no others', () => {
    const owners = [
      ['http://snomed.info/sct', 'SNOMED CT®'],
      ['http://loinc.org', 'LOINC is copyright'],
      ['http://hl7.org/fhir/sid/icd-10', 'ICD-10 is copyright'],
      ['http://www.whocc.no/atc', 'ATC codes are copyright'],
      ['https://smt.esante.gouv.fr/terminologie-atc', 'ATC codes are copyright'],
      ['http://www.nlm.nih.gov/research/umls/rxnorm', 'National Library of Medicine'],
    ] as const;
    const wrong = [...english.ValueSet.values()].filter(isValueSet).flatMap(({ id, compose, copyright }) => {
      const systems = (compose?.include ?? []).map(({ system }) => system);
      const expected = new Set(
        owners.filter(([system]) => systems.includes(system)).map(([, words]) => words),
      );
      return owners
        .filter(([, words]) => expected.has(words) !== (copyright?.includes(words) ?? false))
        .map(([, words]) => `${id ?? ''}: ${words}`);
    });
    expect(wrong).toEqual([]);
    expect(french.ValueSet.get('bone-scan')).toMatchObject({
      copyright: expect.stringContaining('LOINC est la propriété'),
    });
  });

  it('is French where it says so', () => {
    const set = french.ValueSet.get('bone-scan');
    expect(set).toMatchObject({ language: 'fr', description: 'Scintigraphie osseuse.' });
    expect(JSON.stringify(set?._description)).toContain('Bone scintigraphy. Named without');
    expect(JSON.stringify(english.ValueSet.get('albumin')?._description)).toContain('Albuminémie.');
    const plan = 'calcium-on-antiresorptive';
    expect(JSON.stringify(french.PlanDefinition.get(plan)?._description)).toContain(
      english.PlanDefinition.get(plan)?.description ?? '?',
    );
  });

  it('says which suggestions are alternatives, and that the actions of one are done together', () => {
    const actionOf = (id: string) => {
      const plan = english.PlanDefinition.get(id);
      return plan !== undefined && isPlan(plan) ? plan.action?.[0] : undefined;
    };
    expect(actionOf('start-antiresorptive')?.selectionBehavior).toBe('at-most-one');
    expect(actionOf('denosumab-dose')?.selectionBehavior).toBe('at-most-one');
    expect(actionOf('calcium-vitamin-d-with-denosumab')?.selectionBehavior).toBe('any');
    expect(actionOf('denosumab-dose')?.action?.[0]?.selectionBehavior).toBe('all');
  });
});

describe('what is published with the changes of a hospital', () => {
  it('names no other content by the same URL and version', () => {
    const same = (a: PublishedResource, b: PublishedResource | undefined): boolean =>
      JSON.stringify(a) === JSON.stringify(b);
    const changed = (['ValueSet', 'PlanDefinition', 'CodeSystem', 'Questionnaire'] as const).flatMap((type) =>
      [...english[type].values()].flatMap((ours) => {
        const theirs = hospital[type].get(ours.id ?? '');
        return same(ours, theirs) ? [] : [{ id: ours.id, ours: ours.version, theirs: theirs?.version }];
      }),
    );
    expect(changed.map(({ id }) => id)).toEqual([
      'bone-scan',
      'dental-assessment',
      'dental-assessment-before-antiresorptive',
      'dental-check-on-antiresorptive',
      'egfr-inhibitor-without-antiresorptive',
      'multiple-metastases-at-onset',
      'multiple-metastases-without-antiresorptive',
      'nsclc-at-onset',
      'nsclc-without-antiresorptive',
      'osimertinib-without-antiresorptive',
      'start-antiresorptive-on-onset',
      'start-antiresorptive',
    ]);
    for (const { ours, theirs } of changed) {
      expect(theirs?.replace(/\+local\.[0-9a-f]{8}$/, '')).toBe(ours);
      expect(theirs).not.toBe(ours);
    }
  });

  it('keeps what our value set says of itself where the one in its place does not', () => {
    const { version, compose, ...ours } = english.ValueSet.get('dental-assessment') as ValueSet;
    const { copyright, _copyright, ...said } = ours;
    expect(version).toBe('1.0.0');
    expect(compose).toBeDefined();
    expect([copyright, _copyright]).not.toContain(undefined);
    expect(hospital.ValueSet.get('dental-assessment')).toMatchObject(said);
  });

  it('keeps the words of our own codes, which the hospital left out', () => {
    expect(codeSystem('order', hospital)).toEqual(codeSystem('order', english));
  });
});
