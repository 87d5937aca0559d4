import type { FhirResource } from '../cds-hooks/types.js';
import type { Terminology } from '../terminology/value-sets.js';
import { readCoded, readNaming } from './coded.js';
import { conceptText, objects, referenceKey, text, type CodingValue } from './element.js';
import type { SiteIndex } from './sites.js';
import { readStatus } from './status.js';
import { isObject } from '../json.js';

/** A code, or where there is none a text, that no value set reads, and how often it was seen. */
export interface NotUnderstood {
  /** Resource type; `Type.bodySite` where the code is understood and only the place is not. */
  readonly type: string;
  /** As it was written; empty where only a text says what it is. */
  readonly system: string;
  readonly code: string;
  /** Display or text; empty where it names the patient. */
  readonly text: string;
  readonly count: number;
}

/** Counts what is not understood over any number of resources, in bounded memory. */
export interface NotUnderstoodCount {
  add(resource: FhirResource, chart?: ChartOfResource): void;
  /** What another count found, as of another process. */
  merge(rows: readonly NotUnderstood[]): void;
  /** Most frequent first; equals in the order of type, system, code and text. */
  rows(): readonly NotUnderstood[];
  /** Resources whose codes were more different ones than are kept. */
  readonly beyond: number;
}

/** What else is known of the patient whose resource is looked at. */
export interface ChartOfResource {
  /** Words that may stand in no text: those of the patient's names (`nameWords`). */
  readonly names?: ReadonlySet<string>;
  /** `Medication` resources by `Type/id` or `urn:` address, for `medicationReference`. */
  readonly medications?: ReadonlyMap<string, FhirResource>;
}

export interface NotUnderstoodOptions {
  readonly terminology: Terminology;
  readonly sites: SiteIndex;
  /** Resource types that the rules read; others are not looked at. */
  readonly types: ReadonlySet<string>;
  /** Different codes and texts that are kept. */
  readonly most?: number;
}

/** Types of which a code says what was ordered, done or found; a BodyStructure says where. */
const withoutCode: ReadonlySet<string> = new Set(['Patient', 'BodyStructure']);

/** Makes a count that is empty. */
export function countNotUnderstood(options: NotUnderstoodOptions): NotUnderstoodCount {
  const { terminology, sites, types, most = 100_000 } = options;
  const counted = new Map<string, NotUnderstood>();
  let beyond = 0;

  const note = (row: NotUnderstood): void => {
    const key = JSON.stringify([row.type, row.system, row.code, row.code === '' ? row.text : '']);
    const known = counted.get(key);
    if (known === undefined && counted.size >= most) beyond += row.count;
    else if (known === undefined) counted.set(key, row);
    else counted.set(key, { ...known, text: known.text || row.text, count: known.count + row.count });
  };

  return {
    add: (resource, { names = noWords, medications = noMedications } = {}) => {
      const { resourceType } = resource;
      if (!types.has(resourceType) || !readStatus(resource, false).counts) return;
      for (const { type, ...entry } of entriesOf(resource, terminology, sites, medications))
        note({ type, ...entry, text: withoutNames(entry.text, names), count: 1 });
    },
    merge: (rows) => {
      rows.forEach(note);
    },
    rows: () => [...counted.values()].sort(byFrequency),
    get beyond() {
      return beyond;
    },
  };
}

/**
 * Whether no value set holds any of the codes that say what a resource is. One of several codings is enough to be
 * understood; a text alone never is.
 */
export function isNotUnderstood(codings: readonly CodingValue[], terminology: Terminology): boolean {
  return codings.every(({ system, code }) => terminology.setsOf(system, code).length === 0);
}

/** The words of a patient's names, folded as `add` compares them. */
export function nameWords(patient: FhirResource | undefined): ReadonlySet<string> {
  const names = objects(patient?.['name']).flatMap(({ text: whole, family, given, prefix, suffix }) => [
    whole,
    family,
    ...[given, prefix, suffix].flatMap((part) => (Array.isArray(part) ? (part as readonly unknown[]) : [])),
  ]);
  return new Set(names.flatMap((name) => (typeof name === 'string' ? wordsOf(name) : [])));
}

const noWords: ReadonlySet<string> = new Set();
const noMedications: ReadonlyMap<string, FhirResource> = new Map();

type Entry = Omit<NotUnderstood, 'count'>;

function entriesOf(
  resource: FhirResource,
  terminology: Terminology,
  sites: SiteIndex,
  medications: ReadonlyMap<string, FhirResource>,
): readonly Entry[] {
  const { resourceType: type } = resource;
  if (!withoutCode.has(type)) {
    const { codings } = readCoded(resource, 'code', medications);
    if (isNotUnderstood(codings, terminology))
      return rowsOf(type, readNaming(resource, medications), textOf(resource, medications));
  }
  const places = readCoded(resource, 'bodySite', medications).codings;
  const isPlaced = sites.locate(places).length > 0 || !isNotUnderstood(places, terminology);
  return isPlaced ? [] : rowsOf(`${type}.bodySite`, places, undefined);
}

/** A row for each code; where there is none, one for the text. */
function rowsOf(
  type: string,
  codings: readonly CodingValue[],
  written: string | undefined,
): readonly Entry[] {
  if (codings.length > 0) {
    return codings.map(({ system = '', code, display }) => ({
      type,
      system,
      code,
      text: display ?? written ?? '',
    }));
  }
  return written === undefined ? [] : [{ type, system: '', code: '', text: written }];
}

/** Elements in which a type may write what it is in words. */
const textElements: readonly string[] = [
  'code',
  'medicationCodeableConcept',
  'type',
  'serviceType',
  'appointmentType',
  'procedureCode',
];

function textOf(resource: FhirResource, medications: ReadonlyMap<string, FhirResource>): string | undefined {
  const own = textElements.map((name) => conceptText(resource[name])).find((found) => found !== undefined);
  const reference = resource['medicationReference'];
  if (own !== undefined || !isObject(reference)) return own;
  const medication = medications.get(referenceKey(reference) ?? '');
  return conceptText(medication?.['code']) ?? text(reference['display']);
}

/** A text that says whose chart it stands in says nothing about codes: it is left out as a whole. */
function withoutNames(written: string, names: ReadonlySet<string>): string {
  if (names.size === 0 || written === '') return written;
  return wordsOf(written).some((word) => names.has(word)) ? '' : written;
}

/** The words of a text, without case and accents; none of a single letter. */
export function wordsOf(written: string): readonly string[] {
  return written
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1);
}

function byFrequency(a: NotUnderstood, b: NotUnderstood): number {
  if (a.count !== b.count) return b.count - a.count;
  const [one, other] = [a, b].map(({ type, system, code, text: words }) =>
    [type, system, code, words].join('\0'),
  );
  return (one ?? '') < (other ?? '') ? -1 : 1;
}
