import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

/** A laboratory value or measurement, by its LOINC code. */
export interface Measure {
  readonly code: string;
  readonly display: string;
  readonly unit: string;
}

type Some<T> = readonly [T, ...T[]];

/** How one country's records write down the same things. */
export interface RecordStyle {
  /** Of the clocks of its hospitals. */
  readonly offset: string;
  readonly families: Some<string>;
  readonly given: Some<string>;
  readonly boneMetastasis: Some<Coding>;
  readonly cancers: Some<readonly Coding[]>;
  readonly problems: Some<readonly Coding[]>;
  readonly vertebra: Coding;
  readonly denosumab: Coding;
  readonly zoledronicAcid: Coding;
  readonly drugs: Some<Coding>;
  /** Orders name a Medication of its own. */
  readonly drugsApart: boolean;
  readonly dental: readonly Coding[];
  readonly imaging: readonly Coding[];
  readonly clearance: Measure;
  readonly calcium: Measure;
  readonly results: Some<Measure & { readonly least: number; readonly most: number }>;
  /** A code of the house, which no value set holds. */
  readonly local: Coding;
}

const file = fileURLToPath(new URL('../../fixtures/population/records.json', import.meta.url));

/** American and French records: the codes stand in a file, as all codes do. */
export async function recordStyles(): Promise<readonly [RecordStyle, RecordStyle]> {
  const { us, fr } = JSON.parse(await readFile(file, 'utf8')) as Readonly<Record<'us' | 'fr', RecordStyle>>;
  return [us, fr];
}
