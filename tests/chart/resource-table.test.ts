import { describe, expect, it } from '@jest/globals';
import r4 from 'fhirpath/fhir-context/r4';
import { checkExpression } from '../../src/fhirpath/lint.js';
import type { CodedElement } from '../../src/knowledge/types.js';
import { elementsOf, jsonOf, orderTypes, pathOf, resourceTypes } from '../../src/resource-table.js';
import { searchParameters } from '../../src/sandbox/fhir/search-parameters.js';
import { loadPrepared } from '../../src/start.js';

/** What the R4 model that fhirpath.js ships says against an element of a type; nothing where it knows it. */
const unknownIn = (type: string, element: string): readonly string[] =>
  checkExpression(pathOf(element), new Set(), 'path', [type]).map(({ message }) => `${type}: ${message}`);

const rows = [...resourceTypes];

describe('the table of resource types', () => {
  it('names elements that R4 has', () => {
    const wrong = rows.flatMap(([type, { code, bodySite = [], dates = [], begins, status, patient }]) =>
      [
        ...code,
        ...bodySite,
        ...dates,
        ...[begins, status?.element, patient].flatMap((each) => each ?? []),
      ].flatMap((element) => unknownIn(type, element)),
    );
    expect(wrong).toEqual([]);
    expect(unknownIn('ImagingStudy', 'code')).not.toEqual([]);
  });

  it('says of an element whether it is a choice', () => {
    const isChoice = (type: string, element: string): boolean =>
      r4.choiceTypePaths[`${type}.${pathOf(element)}`] !== undefined;
    const wrong = rows.flatMap(([type, { code, dates = [] }]) =>
      [...code, ...dates]
        .filter((element) => !element.includes('.') && isChoice(type, element) !== element.endsWith('[x]'))
        .map((element) => `${type}.${element}`),
    );
    expect(wrong).toEqual([]);
    const coded = rows.flatMap(([type, { code }]) =>
      code
        .filter((element) => element.endsWith('[x]'))
        .filter(
          (element) => r4.choiceTypePaths[`${type}.${pathOf(element)}`]?.includes('CodeableConcept') !== true,
        ),
    );
    expect(coded).toEqual([]);
    expect(jsonOf('medication[x]', 'CodeableConcept')).toBe('medicationCodeableConcept');
  });

  it('asks with parameters that a server of R4 has', () => {
    const asked = rows.filter(([type]) => type !== 'Patient');
    const lacking = asked.flatMap(([type, { query }]) =>
      ['patient', ...(query === 'codes' ? ['code'] : query === 'whole' ? [] : ['status'])]
        .filter((name) => searchParameters[type]?.[name] === undefined)
        .map((name) => `${type}?${name}`),
    );
    expect(lacking).toEqual([]);
  });

  it('holds every type that the artifacts select, and every element by which they do', async () => {
    const { knowledge } = await loadPrepared({ localKnowledge: undefined, guidelineEdition: '2024' });
    const facts = [...knowledge.graph.inputs.values()].flatMap((reads) => reads.facts);
    const wrong = facts.flatMap(({ type, element = 'code' }: { type: string; element?: CodedElement }) =>
      resourceTypes.has(type) ? elementsOf(type, element).flatMap((each) => unknownIn(type, each)) : [type],
    );
    expect([...new Set(wrong)]).toEqual([]);
    expect(orderTypes.filter((type) => !resourceTypes.has(type))).toEqual([]);
  });
});
