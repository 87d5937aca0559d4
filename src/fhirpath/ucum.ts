import { ucumUtils } from 'fhirpath';

/** What a conversion between mass, amount and charge needs to know of the analyte. */
export interface Substance {
  /** g/mol. */
  readonly molarMass?: number;
  /** Elementary charges of the ion, for equivalents. */
  readonly charge?: number;
}

/** `ratio`: zero means none of it, so a negative value is an error; `scale`: dimensionless, or a special unit (°C, pH). */
export type UnitKind = 'ratio' | 'scale';

interface UcumLibrary {
  readonly validateUnitString: (unit: string) => {
    readonly status: string;
    readonly ucumCode: string | null;
  };
  readonly convertUnitTo: (
    from: string,
    value: number,
    to: string,
    options: { readonly molecularWeight: number | null; readonly charge: number | null },
  ) => { readonly status: string; readonly toVal: unknown };
  readonly getSpecifiedUnit: (unit: string, purpose: 'validate') => { readonly unit: unknown };
}

const hasMethods = (value: unknown, names: readonly string[]): boolean =>
  typeof value === 'object' &&
  value !== null &&
  names.every((name) => typeof Reflect.get(value, name) === 'function');

function isUcumLibrary(value: unknown): value is UcumLibrary {
  return hasMethods(value, ['validateUnitString', 'convertUnitTo', 'getSpecifiedUnit']);
}

function ucumLibrary(value: unknown): UcumLibrary {
  if (!isUcumLibrary(value)) throw new TypeError('fhirpath no longer exports the UCUM library');
  return value;
}

const ucum = ucumLibrary(ucumUtils);

/** UCUM codes are short printable ASCII; the limit keeps hostile input away from the library's parser. */
const plausible = /^[!-~]{1,60}$/;
/** The library looks names up in plain objects, so it takes `toString` for a unit. */
const inherited = new RegExp(Object.getOwnPropertyNames(Object.prototype).join('|'));

/** Whether `code` is a valid case-sensitive UCUM code as it stands: what the library only guesses is refused. */
export function isUcumUnit(code: string): boolean {
  if (!plausible.test(code) || inherited.test(code)) return false;
  const { status, ucumCode } = ucum.validateUnitString(code);
  return status === 'valid' && ucumCode === code;
}

/**
 * `value` brought from one valid UCUM unit to another, not rounded; undefined when they are not commensurable,
 * or when mass ↔ amount or equivalents are asked for without the molar mass or charge.
 */
export function convertUnit(
  value: number,
  from: string,
  to: string,
  { molarMass, charge }: Substance = {},
): number | undefined {
  // The library refuses arbitrary units ([iU]) even when nothing is to be converted.
  if (from === to) return value;
  const { status, toVal } = ucum.convertUnitTo(from, value, to, {
    molecularWeight: molarMass ?? null,
    charge: charge ?? null,
  });
  return status === 'succeeded' && typeof toVal === 'number' && Number.isFinite(toVal) ? toVal : undefined;
}

/** What the library tells of a unit by its methods. */
interface UcumUnit {
  readonly getProperty: (name: 'isSpecial' | 'dim') => unknown;
  readonly isMolarUnit: () => boolean;
}

interface Dimension {
  readonly isNull: () => boolean;
  readonly isZero: () => boolean;
}

const isUnit = (value: unknown): value is UcumUnit => hasMethods(value, ['getProperty', 'isMolarUnit']);
const isDimension = (value: unknown): value is Dimension => hasMethods(value, ['isNull', 'isZero']);

/** Whether negative values make sense in a valid UCUM unit. */
export function unitKind(code: string): UnitKind {
  const { unit } = ucum.getSpecifiedUnit(code, 'validate');
  if (!isUnit(unit) || unit.getProperty('isSpecial') === true) return 'scale';
  const dimension = unit.getProperty('dim');
  const isMeasured = isDimension(dimension) && !dimension.isNull() && !dimension.isZero();
  return isMeasured || unit.isMolarUnit() ? 'ratio' : 'scale';
}
