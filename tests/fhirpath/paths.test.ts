import { describe, expect, it } from '@jest/globals';
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import { exampleCase } from '../../src/engine/examples.js';
import { compilePath } from '../../src/fhirpath/compile.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const paths = [...prepared.knowledge.inputs.values()].flatMap((input) =>
  input.kind === 'selected' && input.path !== undefined
    ? [[input.path, input.select.map(({ type }) => type)] as const]
    : [],
);
const opened = [...prepared.rules.values()].flatMap(({ rule }) =>
  rule.examples.map((example) => exampleCase(prepared, example).of.chart),
);

describe('a path', () => {
  it.each(paths)('finds what fhirpath.js finds, in every resource of the examples: %s', (path, types) => {
    const compiled = compilePath(path);
    let looked = 0;
    for (const chart of opened) {
      for (const { resource } of types.flatMap((type) => chart.ofType(type))) {
        looked += 1;
        expect(compiled(resource)).toEqual(fhirpath.evaluate(resource, path, {}, r4));
      }
    }
    expect(looked).toBeGreaterThan(0);
  });

  it('is not passed over where an element is one of several choices, or has only an extension', () => {
    expect(
      compilePath('value.ofType(Quantity)')({ resourceType: 'Observation', valueQuantity: { value: 1 } }),
    ).toEqual([{ value: 1 }]);
    expect(compilePath('dosageInstruction.route')({ resourceType: 'MedicationRequest' })).toEqual([]);
  });
});
