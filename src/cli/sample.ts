import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { FhirResource } from '../cds-hooks/types.js';
import { isFhirResource, isList, member } from '../cds-hooks/json-value.js';
import type { NotUnderstood } from '../chart/not-understood.js';
import type { Prepared } from '../engine/prepare.js';
import { lookAtSample } from '../engine/sample.js';
import { isObject } from '../json.js';

/** The resources of a folder, and how many lines or files held none. */
export interface Sample {
  readonly resources: readonly FhirResource[];
  readonly unreadable: number;
}

/**
 * Reads every `*.json`, `*.ndjson` and `*.ndjson.gz` below a folder; a Bundle stands for its entries.
 * Rejects with the system's error when the folder cannot be read.
 */
export async function readSample(folder: string): Promise<Sample> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && /\.(json|ndjson|ndjson\.gz)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const resources: FhirResource[] = [];
  let unreadable = 0;
  for (const path of paths) {
    const bytes = await readFile(path);
    const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    for (const part of path.endsWith('.json') ? [text] : text.split('\n')) {
      if (part.trim() === '') continue;
      const found = resourcesIn(part);
      if (found === undefined) unreadable++;
      else resources.push(...found);
    }
  }
  return { resources, unreadable };
}

function resourcesIn(text: string): readonly FhirResource[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const resources = flat(value);
    return resources.length === 0 && !isObject(value) ? undefined : resources;
  } catch {
    return undefined;
  }
}

function flat(value: unknown): readonly FhirResource[] {
  if (isList(value)) return value.flatMap(flat);
  if (!isFhirResource(value)) return [];
  const entries = value.resourceType === 'Bundle' ? member(value, 'entry') : undefined;
  if (value.resourceType !== 'Bundle') return [value];
  return (isList(entries) ? entries : []).flatMap((entry) =>
    isObject(entry) ? flat(member(entry, 'resource')) : [],
  );
}

/** Codes that are listed with an overlay line; what is rarer is counted. */
const mostLines = 200;

/** What `validate --sample` prints: what is not understood, most frequent first, and what no order can reach. */
export function sampleLines(prepared: Prepared, { resources, unreadable }: Sample): readonly string[] {
  const { looked, notUnderstood, outOfReach } = lookAtSample(prepared, resources);
  const shown = notUnderstood.slice(0, mostLines);
  const total = notUnderstood.reduce((sum, { count }) => sum + count, 0);
  return [
    '',
    `sample: ${looked} resources of types that rules read; ${total} not understood, ${notUnderstood.length} different codes and texts` +
      (unreadable === 0 ? '' : `; ${unreadable} lines or files that are no JSON`),
    ...shown.map(
      ({ type, system, code, text, count }) =>
        `${String(count).padStart(7)}  ${type}  ${code === '' ? '(no code)' : `${system}|${code}`}  ${oneLine(text)}`,
    ),
    ...(notUnderstood.length > shown.length
      ? [`         and ${notUnderstood.length - shown.length} rarer ones`]
      : []),
    ...outOfReach.map(
      ({ service, type, systems, rules }) =>
        `cannot fire: ${service}, ${type} in ${systems.join(', ')}: ${rules.join(', ')}`,
    ),
    ...overlayLines(prepared, shown),
  ];
}

/** Lines for `codes.yaml`. Which value set a code belongs to is for the hospital to say; its words may suggest one. */
function overlayLines({ terminology }: Prepared, rows: readonly NotUnderstood[]): readonly string[] {
  const coded = rows.filter(({ code, system, type }) => code !== '' && system !== '' && !type.includes('.'));
  if (coded.length === 0) return [];
  const bySet = new Map<string, string[]>();
  for (const { type, system, code, text, count } of coded) {
    const [narrowest = 'VALUE-SET-TO-BE-CHOSEN'] = [...terminology.mayBeIn(text)].sort(
      (a, b) => terminology.codesOf(a).length - terminology.codesOf(b).length,
    );
    const display = oneLine(text);
    const written = {
      system,
      code,
      ...(display !== '' && { display }),
      reason: `to be checked; seen ${count} times in ${type}`,
    };
    bySet.set(narrowest, [...(bySet.get(narrowest) ?? []), `#   - ${JSON.stringify(written)}`]);
  }
  return [
    '',
    '# codes.yaml: take away the #, check each code, and move it to the value set that it belongs to',
    ...[...bySet].flatMap(([set, lines]) => [`# ${set}:`, ...lines]),
  ];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
