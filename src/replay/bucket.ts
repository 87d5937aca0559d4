import type { FhirResource } from '../cds-hooks/types.js';
import { isFhirResource } from '../cds-hooks/json-value.js';
import { referenceKey, referenceOf, text } from '../chart/element.js';
import { playPatient, type Terms } from './patient.js';
import type { Player } from './play.js';
import type { Pseudonyms } from './pseudonym.js';
import { emptyTally, type Tally } from './tally.js';
import { isObject } from '../json.js';

/** What the patients of one bucket gave. */
export interface BucketResult {
  readonly tally: Tally;
  /** Lines of cards.ndjson, each with its line break. */
  readonly cards: string;
}

/** One line of a bucket, its resource still unread. */
interface Placed {
  readonly file: number;
  readonly place: number;
  readonly json: string;
}

/** More lines of one patient than are read: what is beyond is counted, not kept. */
const mostLines = 60_000;

/**
 * Plays the patients of a bucket, one after the other in the order of their ranks, so that the result does not depend on
 * who read which file.
 * @param lines those that `Grouping` wrote
 * @param playedOne told after each patient
 */
export async function playBucket(
  player: Player,
  lines: Iterable<string>,
  terms: Terms,
  names: Pseudonyms,
  playedOne: () => void,
): Promise<BucketResult> {
  const byPatient = new Map<string, Placed[]>();
  for (const line of lines) {
    const [quoted = '""', file = '', place = '', ...rest] = split(line);
    const patient = JSON.parse(quoted) as string;
    const own = byPatient.get(patient);
    const placed = { file: Number(file), place: Number(place), json: rest.join('\t') };
    if (own === undefined) byPatient.set(patient, [placed]);
    else if (own.length <= mostLines) own.push(placed);
  }
  const medications = new Map(newest(byPatient.get('') ?? []).map((each) => [referenceOf(each), each]));
  byPatient.delete('');
  const tally = emptyTally();
  const cards: string[] = [];
  const patients = [...byPatient.keys()]
    .map((id) => ({ id, rank: names.rankOf(id) }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1));
  for (const { id } of patients) {
    const chart = newest(byPatient.get(id) ?? []);
    byPatient.delete(id);
    const drugs = new Set(chart.flatMap((each) => referenceKey(each['medicationReference']) ?? []));
    const named = [...drugs].flatMap((key) => medications.get(key) ?? []);
    for (const line of await playPatient(player, id, [...chart, ...named], terms, names, tally))
      cards.push(`${line}\n`);
    playedOne();
  }
  return { tally, cards: cards.join('') };
}

/** The first three fields and the rest. */
function split(line: string): readonly string[] {
  const one = line.indexOf('\t');
  const two = line.indexOf('\t', one + 1);
  const three = line.indexOf('\t', two + 1);
  return [line.slice(0, one), line.slice(one + 1, two), line.slice(two + 1, three), line.slice(three + 1)];
}

/** Each resource once: of a repeated id the one updated last, else that of the last line. */
function newest(placed: readonly Placed[]): readonly FhirResource[] {
  const inOrder = [...placed].sort((one, other) => one.file - other.file || one.place - other.place);
  const named = new Map<string, { readonly resource: FhirResource; readonly updated: number }>();
  const unnamed: FhirResource[] = [];
  for (const { json } of inOrder) {
    const resource: unknown = JSON.parse(json);
    if (!isFhirResource(resource)) continue;
    const reference = referenceOf(resource);
    if (reference === resource.resourceType) {
      unnamed.push(resource);
      continue;
    }
    const updated = updatedAt(resource);
    const other = named.get(reference);
    if (other === undefined || updated >= other.updated) named.set(reference, { resource, updated });
  }
  return [...[...named.values()].map(({ resource }) => resource), ...unnamed];
}

function updatedAt({ meta }: FhirResource): number {
  const time = Date.parse(isObject(meta) ? (text(meta['lastUpdated']) ?? '') : '');
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}
