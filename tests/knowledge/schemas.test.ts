import { describe, expect, it } from '@jest/globals';
import { readArtifacts, shippedArtifacts } from '../../src/knowledge/read/read-artifacts.js';

function undescribed(value: unknown, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
    const here = `${path}/${key}`;
    if (key !== 'properties' || /\/(if|then|else)$/.test(path)) return undescribed(child, here);
    return Object.entries(typeof child === 'object' && child !== null ? child : {}).flatMap(
      ([name, property]: [string, unknown]) => [
        ...(typeof property === 'object' && property !== null && 'description' in property
          ? []
          : [`${here}/${name}`]),
        ...undescribed(property, `${here}/${name}`),
      ],
    );
  });
}

describe('the schemas', () => {
  it('describe every key', async () => {
    const files = await readArtifacts(shippedArtifacts);
    const schemas = files.filter(({ path }) => path.endsWith('.schema.json'));
    expect(schemas.length).toBeGreaterThan(10);
    const missing = schemas.flatMap(({ path, text }) => undescribed(JSON.parse(text), path));
    // The two languages and the parts of a Coding explain themselves; branches repeat keys that are described where they are declared.
    expect(missing.filter((path) => !/\/(if|then|else)\/|\/(en|fr|system|code|display)$/.test(path))).toEqual(
      [],
    );
  });
});
