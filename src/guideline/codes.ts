import type { ValueSet } from 'fhir/r4.js';
import { translationIn } from '../knowledge/translation.js';
import type { RuleNeeds } from '../publish/rule-needs.js';
import { folded } from './folded.js';
import type { Knowing } from './knowing.js';

/** One code that a rule reads. */
export interface CodeRow {
  readonly system: string;
  readonly code: string;
  /** The codes below it count too. */
  readonly withDescendants: boolean;
  readonly display: string;
  /** The display is in the language of this page; otherwise in that of its source, which is not told. */
  readonly isTranslated: boolean;
  readonly isLocal: boolean;
}

/** The codes of one value set. */
export interface CodeGroup {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly CodeRow[];
}

const systemNames: Readonly<Record<string, string>> = {
  'http://snomed.info/sct': 'SNOMED CT',
  'http://loinc.org': 'LOINC',
  'http://hl7.org/fhir/sid/icd-10': 'ICD-10 (CIM-10)',
  'http://hl7.org/fhir/sid/icd-10-cm': 'ICD-10-CM',
  'http://www.whocc.no/atc': 'ATC',
  'https://smt.esante.gouv.fr/terminologie-atc': 'ATC (ANS)',
  'http://www.nlm.nih.gov/research/umls/rxnorm': 'RxNorm',
  'https://smt.esante.gouv.fr/terminologie-ccam': 'CCAM',
  'https://smt.esante.gouv.fr/terminologie-nabm': 'NABM',
  'https://smt.esante.gouv.fr/terminologie-bdpm': 'BDPM',
  'http://data.esante.gouv.fr/ansm/medicament/UCD': 'UCD',
  'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets': 'HCPCS',
  'http://www.cms.gov/Medicare/Coding/ICD10': 'ICD-10-PCS',
  'http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl': 'NCIt',
  'http://dicom.nema.org/resources/ontology/DCM': 'DICOM',
  'http://terminology.hl7.org/CodeSystem/icd-o-3': 'ICD-O-3',
};

const nameOfSystem = (uri: string): string => systemNames[uri] ?? uri.replace(/^https?:\/\//, '');

/** What a value set is called. */
export function titleOf(id: string, { prepared, language }: Knowing): string {
  const valueSet = prepared.knowledge.valueSets.get(id);
  return translationIn(valueSet?._title, language) ?? valueSet?.title ?? id;
}

/** The value sets that a rule reads, each once, with their codes. */
export function codeGroups({ selections, inputs }: RuleNeeds, knowing: Knowing): readonly CodeGroup[] {
  const { valueSets, shippedValueSets } = knowing.prepared.knowledge;
  const left = inputs.flatMap((input) =>
    input.kind === 'selected'
      ? input.select.flatMap(({ notIn }) => notIn ?? [])
      : input.kind === 'answered'
        ? (input.notIn ?? [])
        : [],
  );
  const ids = [...new Set([...selections.flatMap(({ valueSet }) => valueSet ?? []), ...left])];
  return ids.flatMap((id) => {
    const valueSet = valueSets.get(id);
    if (valueSet === undefined) return [];
    const shipped = new Set(rowsOf(id, shippedValueSets, knowing).map(keyOf));
    const rows = rowsOf(id, valueSets, knowing).map((row) => ({ ...row, isLocal: !shipped.has(keyOf(row)) }));
    return [{ id, title: titleOf(id, knowing), rows }];
  });
}

const keyOf = ({ system, code }: CodeRow): string => `${system}|${code}`;

/** The codes of a value set, and those of the sets that it is made of. */
function rowsOf(
  id: string,
  sets: ReadonlyMap<string, ValueSet>,
  knowing: Knowing,
  seen: ReadonlySet<string> = new Set(),
): readonly CodeRow[] {
  if (seen.has(id)) return [];
  const { prepared, language } = knowing;
  const { terminology } = prepared;
  const row = (
    system: string,
    code: string,
    display: string | undefined,
    withDescendants: boolean,
  ): CodeRow => {
    const displays = prepared.knowledge.languages.map((each) => terminology.display(system, code, each.code));
    return {
      system: nameOfSystem(system),
      code,
      withDescendants,
      display: terminology.display(system, code, language) ?? display ?? '',
      isTranslated: new Set(displays).size > 1,
      isLocal: false,
    };
  };
  const all = (sets.get(id)?.compose?.include ?? []).flatMap(
    ({ system = '', concept = [], filter = [], valueSet = [] }) => [
      ...concept.map(({ code, display }) => row(system, code, display, false)),
      ...filter.map(({ value }) => row(system, value, undefined, true)),
      ...valueSet.flatMap((url) => rowsOf(idOf(url), sets, knowing, new Set([...seen, id]))),
    ],
  );
  return [...new Map(all.map((each) => [keyOf(each), each])).values()];
}

/** A canonical URL ends with the id, and perhaps a version. */
const idOf = (url: string): string => (url.split('|')[0] ?? '').split('/').at(-1) ?? '';

/** Groups with the rows that hold all words of a search; groups without any are left out. */
export function searchCodes(groups: readonly CodeGroup[], query: string): readonly CodeGroup[] {
  const words = folded(query)
    .split(' ')
    .filter((word) => word !== '');
  if (words.length === 0) return groups;
  return groups
    .map((group) => ({
      ...group,
      rows: group.rows.filter(({ system, code, display }) => {
        const text = folded(`${group.title} ${system} ${code} ${display}`);
        return words.every((word) => text.includes(word));
      }),
    }))
    .filter(({ rows }) => rows.length > 0);
}
