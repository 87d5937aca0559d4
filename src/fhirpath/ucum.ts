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

function isUcumLibrary(value: unknown): value is UcumLibrary {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['validateUnitString', 'convertUnitTo', 'getSpecifiedUnit'].every(
      (name) => typeof Reflect.get(value, name) === 'function',
    )
  );
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

/** Whether negative values make sense in a valid UCUM unit. */
export function unitKind(code: string): UnitKind {
  const { unit } = ucum.getSpecifiedUnit(code, 'validate');
  if (typeof unit !== 'object' || unit === null) return 'scale';
  if (Reflect.get(unit, 'isSpecial_') === true) return 'scale';
  const dimension: unknown = Reflect.get(unit, 'dim_');
  const exponents: unknown =
    typeof dimension === 'object' && dimension !== null ? Reflect.get(dimension, 'dimVec_') : undefined;
  const measured = Array.isArray(exponents) && exponents.some((exponent) => exponent !== 0);
  return measured || Reflect.get(unit, 'moleExp_') !== 0 ? 'ratio' : 'scale';
}
