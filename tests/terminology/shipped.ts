import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { shippedKnowledge } from '../shared/knowledge.js';
import type { BodySite } from '../../src/knowledge/types.js';

const folder = new URL('../../cds-services/', import.meta.url);

export const valueSetFiles = readdirSync(new URL('value-sets/', folder)).filter((name) =>
  name.endsWith('.json'),
);
/** With the codes of the lists. */
export const shippedValueSets = [...(await shippedKnowledge()).valueSets.values()];
export const shippedSites = checked(isSites, parse(readFileSync(new URL('body-sites.yaml', folder), 'utf8')));
export const verifiedCodes = checked(isTexts, readJson('../tests/terminology/verified-codes.json'));

/** A JSON file, by its path from the artifacts' folder. */
export function readJson(path: string): unknown {
  const value: unknown = JSON.parse(readFileSync(new URL(path, folder), 'utf8'));
  return value;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function checked<Value>(is: (value: unknown) => value is Value, value: unknown): Value {
  if (!is(value)) throw new Error('the file has another shape');
  return value;
}

function isSites(value: unknown): value is readonly BodySite[] {
  return Array.isArray(value) && value.every((site) => isObject(site) && Array.isArray(site['codes']));
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}
