import type { FhirResource } from '../cds-hooks/types.js';
import { referenceOf } from '../chart/element.js';
import { hashList, type HashList } from './hash-list.js';
import { hashOf } from './hash.js';
import { readLines, type Slice } from './lines.js';
import { unreadCollection, type Unread, type UnreadCollection } from './not-understood.js';
import { patientsOf } from './owner.js';
import type { Player } from './play.js';
import { readLine } from './resources.js';
import type { DistinctSpill } from './spill.js';
import { drugTypes } from '../resource-table.js';

/** A line that was counted and skipped. */
export interface Rejected {
  /** Line in the slice, from 1. */
  readonly line: number;
  readonly why: string;
}

/** What reading one slice for the first time gave. */
export interface SliceScan {
  readonly lines: number;
  readonly bytes: number;
  readonly rejected: number;
  /** The first of them. */
  readonly rejections: readonly Rejected[];
  readonly failure?: string;
}

/** What all slices read by one worker gave. */
export interface ScanTotals {
  /** Hashes of patients, sorted. */
  readonly patients: Float64Array;
  /** Hashes of patients who may have a bone metastasis, sorted. */
  readonly candidates: Float64Array;
  /** Types, and `type|value set`, of which there is at least one resource. */
  readonly kinds: readonly string[];
  readonly withoutPatient: number;
  readonly otherTypes: number;
  readonly medications: number;
  readonly unread: readonly Unread[];
}

/** The first reading of the export: who has a bone metastasis, how much there is, and what is not understood. */
export interface Scan {
  slice(slice: Slice): Promise<SliceScan>;
  totals(): ScanTotals;
}

const mostRejections = 200;

export function openScan(player: Player, distinct: DistinctSpill): Scan {
  const patients = hashList();
  const candidates = hashList();
  const kinds = new Set<string>();
  const unread = unreadCollection();
  let withoutPatient = 0;
  let otherTypes = 0;
  let medications = 0;

  const look = (resource: FhirResource, place: string): void => {
    const reference = referenceOf(resource);
    distinct.add(hashOf(reference === resource.resourceType ? `${reference} ${place}` : reference));
    if (resource.resourceType === 'Medication') medications++;
    const owners = patientsOf(resource).map(hashOf);
    if (owners.length === 0 && ofPatients.has(resource.resourceType)) withoutPatient++;
    for (const owner of owners) patients.add(owner);
    classify(player, resource, owners, { kinds, candidates, unread });
  };

  return {
    slice: async (slice) => {
      const rejections: Rejected[] = [];
      let rejected = 0;
      let bytes = 0;
      const reject = (line: number, why: string): void => {
        rejected++;
        if (rejections.length < mostRejections) rejections.push({ line, why });
      };
      const { lines, failure } = await readLines(
        slice,
        (line, number, place) => {
          bytes += line.length;
          const read = readLine(line);
          if (!read.ok) {
            reject(number, read.why);
            return;
          }
          otherTypes += read.others;
          read.resources.forEach((resource, index) => {
            look(resource, `${slice.file} ${place} ${index}`);
          });
        },
        (number) => {
          reject(number, 'longer than a line may be');
        },
      );
      return { lines, bytes, rejected, rejections, ...(failure !== undefined && { failure }) };
    },
    totals: () => {
      distinct.flush();
      return {
        patients: patients.sorted(),
        candidates: candidates.sorted(),
        kinds: [...kinds],
        withoutPatient,
        otherTypes,
        medications,
        unread: unread.entries(),
      };
    },
  };
}

/** Types of which each ought to belong to a patient: the others say who, where and with what. */
const ofPatients: ReadonlySet<string> = new Set(
  'AllergyIntolerance Appointment BodyStructure CarePlan Composition Condition DiagnosticReport DocumentReference Encounter Goal ImagingStudy MedicationAdministration MedicationRequest MedicationStatement Observation Patient Procedure QuestionnaireResponse ServiceRequest'.split(
    ' ',
  ),
);

interface Seen {
  readonly kinds: Set<string>;
  readonly candidates: HashList;
  readonly unread: UnreadCollection;
}

function classify(
  player: Player,
  resource: FhirResource,
  owners: readonly number[],
  { kinds, candidates, unread }: Seen,
): void {
  kinds.add(resource.resourceType);
  if (!player.types.has(resource.resourceType)) return;
  const reading = player.read(resource);
  for (const set of reading.sets) kinds.add(`${resource.resourceType}|${set}`);
  // The drug of an order may stand in a Medication of its own.
  if (resource.resourceType === 'Medication')
    for (const set of reading.sets) for (const type of drugTypes) kinds.add(`${type}|${set}`);
  const [owner = 0] = owners;
  for (const row of player.unread(resource)) unread.add({ ...row, patients: [owner] });
  if (reading.sets.length > 0 && player.mayBeOfLesion(resource))
    for (const each of owners) candidates.add(each);
}
