import { join } from 'node:path';
import type { Terminology } from '../../terminology/value-sets.js';
import { ReleaseError, tableOf, type Product } from './release.js';

const bdpm = 'https://smt.esante.gouv.fr/terminologie-bdpm';
const ucd = 'http://data.esante.gouv.fr/ansm/medicament/UCD';
const atc = 'http://www.whocc.no/atc';

/** The narrowest value sets that hold an ATC code. */
function setsOfAtc(code: string, terminology: Terminology): readonly string[] {
  const all = terminology.setsOf(atc, code);
  return all.filter((id) => !all.some((other) => other !== id && terminology.widerOf(other).has(id)));
}

/**
 * The products (CIS) and boxes (CIP13) of a release of the Base de données publique des médicaments whose ATC code a value set
 * holds; ATC stands in the list of groups of the medicines (CIS_MITM).
 */
export async function bdpmProducts(folder: string, terminology: Terminology): Promise<readonly Product[]> {
  const read = (name: string): Promise<readonly (readonly string[])[]> =>
    tableOf(join(folder, `${name}.txt`), '\t');
  const [medicines, boxes, composition, groups] = await Promise.all([
    read('CIS_bdpm'),
    read('CIS_CIP_bdpm'),
    read('CIS_COMPO_bdpm'),
    read('CIS_MITM'),
  ]);
  const names = new Map(medicines.map(([cis = '', name = '']) => [cis, name]));
  const strengths = new Map<string, string>();
  for (const [cis = '', , , , dose = '', per = ''] of composition) {
    strengths.set(cis, `${strengths.get(cis) ?? ''} ${dose} par ${per}`.trim());
  }
  const presentations = new Map<string, (readonly [code: string, label: string])[]>();
  for (const [cis = '', , label = '', , , , cip = ''] of boxes) {
    if (cip !== '') presentations.set(cis, [...(presentations.get(cis) ?? []), [cip, label]]);
  }
  const products = groups.flatMap(([cis = '', code = '']): readonly Product[] => {
    const name = names.get(cis);
    if (name === undefined) return [];
    const strength = strengths.get(cis) ?? '';
    const own: readonly (readonly [string, string])[] = [
      [cis, name],
      ...(presentations.get(cis) ?? []).map(([cip, label]) => [cip, `${name} — ${label}`] as const),
    ];
    return setsOfAtc(code, terminology).flatMap((set) =>
      own.map(([number, display]) => ({ system: bdpm, set, code: number, display, strength })),
    );
  });
  if (products.length === 0) throw new ReleaseError(`${folder}: no product of a known ATC code`);
  return products;
}

/** The units (UCD) of a table with the columns UCD, label and ATC under any usual heading, separated by semicolons or tabs. */
export async function ucdProducts(file: string, terminology: Terminology): Promise<readonly Product[]> {
  const [heading = [], ...rows] = await tableOf(file, /[;\t]/);
  const column = (pattern: RegExp): number => heading.findIndex((name) => pattern.test(name));
  const [code, label, group] = [column(/ucd/i), column(/lib|nom|label|d[ée]sign/i), column(/atc/i)];
  if (code < 0 || label < 0 || group < 0)
    throw new ReleaseError(`${file}: columns for UCD, label and ATC are needed`);
  return rows.flatMap((cells) =>
    setsOfAtc(cells[group] ?? '', terminology).map((set): Product => ({
      system: ucd,
      set,
      code: cells[code] ?? '',
      display: cells[label] ?? '',
    })),
  );
}
