import { convertUnit, isUcumUnit, unitKind, type Substance } from '../fhirpath/ucum.js';
import type { UnitSpellings } from './unit-spellings.js';
import type { JsonObject } from '../json.js';

/** Where the true value lies; a value without comparator has `min` = `max`, both closed. */
export interface Interval {
  readonly min: number;
  readonly max: number;
  readonly minOpen: boolean;
  readonly maxOpen: boolean;
}

/** The UCUM unit that a rule computes in, and what the analyte's mass ↔ amount conversion needs. */
export interface MeasureTarget extends Substance {
  readonly unit: string;
}

/** The quantity as the chart has it, for the evidence that the clinician reads. */
export interface ShownQuantity {
  readonly value: number;
  readonly unit: string;
  readonly comparator?: string;
}

export type NotMeasured =
  'no-value' | 'unit-missing' | 'unit-unknown' | 'unit-incompatible' | 'value-implausible';

export type Measured =
  | { readonly ok: true; readonly interval: Interval; readonly shown: ShownQuantity }
  | { readonly ok: false; readonly reason: NotMeasured };

interface Conversion {
  readonly apply: (value: number) => number | undefined;
  /** Increasing, so that the bounds of an interval keep their sides. */
  readonly affine: boolean;
  readonly negative: boolean;
}

const ucumSystems: ReadonlySet<unknown> = new Set([
  'http://unitsofmeasure.org',
  'http://unitsofmeasure.org/',
  'https://unitsofmeasure.org',
  'urn:oid:2.16.840.1.113883.6.8',
]);
const comparators: ReadonlySet<unknown> = new Set(['<', '<=', '>=', '>']);

/** Remembers answers by key; forgets them all at the limit, as units come from outside and must not fill the memory. */
function remembered<Value, Given extends readonly unknown[]>(
  compute: (...given: Given) => Value,
  limit = 2000,
): (key: string, ...given: Given) => Value {
  const known = new Map<string, { readonly value: Value }>();
  return (key, ...given) => {
    const hit = known.get(key);
    if (hit !== undefined) return hit.value;
    const value = compute(...given);
    if (known.size >= limit) known.clear();
    known.set(key, { value });
    return value;
  };
}

const validity = remembered(isUcumUnit);
const isValid = (code: string): boolean => validity(code, code);

/** A rate per body surface (1.73 m²) and an absolute one are two quantities, which UCUM's annotations cannot tell. */
const indexed = (unit: string): boolean => /1[.,]73/.test(unit);
const annotationOnly = (unit: string): boolean => /^\{[^{}]*\}$/.test(unit);

/** Units without dimension compare with one another in UCUM: 50 % would be 0.5 points of a score. */
function sameScale(from: string, to: string): boolean {
  if (annotationOnly(to)) return annotationOnly(from) || from === '1';
  return !annotationOnly(from) || to === '1';
}

function close(left: number, right: number): boolean {
  return Math.abs(left - right) <= 1e-11 * Math.max(Math.abs(left), Math.abs(right));
}

function makeConversion(from: string, target: MeasureTarget): Conversion | undefined {
  const to = target.unit;
  if (!isValid(to) || indexed(from) !== indexed(to) || !sameScale(from, to)) return undefined;
  const call = (value: number): number | undefined => convertUnit(value, from, to, target);
  const [zero, one, thousand] = [call(0), call(1), call(1000)];
  if (one === undefined) return undefined;
  const negative = unitKind(to) === 'scale';
  if (zero !== undefined && thousand !== undefined) {
    const factor = zero === 0 ? one : (thousand - zero) / 1000;
    const affine = factor > 0 && close(zero + factor, one) && close(zero + 1000 * factor, thousand);
    if (affine) return { apply: (value) => value * factor + zero, affine, negative };
  }
  return { apply: call, affine: false, negative };
}

const conversions = remembered<Conversion | undefined, [string, MeasureTarget]>(makeConversion);

function conversion(from: string, target: MeasureTarget): Conversion | undefined {
  const key = `${from} ${target.unit} ${target.molarMass ?? ''} ${target.charge ?? ''}`;
  return conversions(key, from, target);
}

/** Binary conversion turns 60 into 59.99999999999999, on the wrong side of a threshold. */
const rounded = (value: number): number => Number(value.toPrecision(12));

function interval(value: number, comparator: string | undefined): Interval {
  switch (comparator) {
    case undefined:
      return { min: value, max: value, minOpen: false, maxOpen: false };
    case '<':
    case '<=':
      return { min: -Infinity, max: value, minOpen: true, maxOpen: comparator === '<' };
    default:
      return { min: value, max: Infinity, minOpen: comparator === '>', maxOpen: true };
  }
}

/**
 * Where a Quantity lies that is read without a unit (a count, a grade): `>= 3` vertebrae are three or more, not three.
 * @returns undefined for no number, and for a comparator that cannot be followed
 */
export function plainInterval(quantity: JsonObject): Interval | undefined {
  const { value, comparator } = quantity;
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  if (comparator === undefined || comparator === null) return interval(value, undefined);
  return typeof comparator === 'string' && comparators.has(comparator)
    ? interval(value, comparator)
    : undefined;
}

const no = (reason: NotMeasured): Measured => ({ ok: false, reason });

function written(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

interface WrittenUnit {
  /** UCUM code; undefined when the unit is written but not known. */
  readonly ucum: string | undefined;
  readonly shown: string;
  readonly indexed: boolean;
}

/** A unit in words is looked up among the spellings first: as UCUM, `G/L` would be gauss and `/10` a tenth. */
function fromText(text: string | undefined, spellings: UnitSpellings): string | undefined {
  if (text === undefined) return undefined;
  return spellings.ucum(text) ?? (isValid(text) ? text : undefined);
}

function readUnit(quantity: object, spellings: UnitSpellings): WrittenUnit | undefined {
  const text = 'unit' in quantity ? written(quantity.unit) : undefined;
  const code = 'code' in quantity ? written(quantity.code) : undefined;
  const system = 'system' in quantity ? written(quantity.system) : undefined;
  const coded = ucumSystems.has(system);
  const usable = coded || system === undefined ? code : undefined;
  const shown = text ?? usable;
  if (shown === undefined) return undefined;
  const ucum =
    coded && code !== undefined && isValid(code)
      ? code
      : coded
        ? (fromText(code, spellings) ?? fromText(text, spellings))
        : (fromText(text, spellings) ?? fromText(usable, spellings));
  return { ucum, shown, indexed: indexed(text ?? '') || indexed(usable ?? '') };
}

/**
 * Reads a FHIR Quantity, of whatever shape it came in, in the unit of `target`.
 *
 * A UCUM code wins over the text; a code of another system does not count. Nothing is assumed: no unit is
 * `unit-missing`, text in place of a number is `no-value`, mass ↔ amount needs the molar mass, a rate per
 * 1.73 m² never meets an absolute one, a negative amount (a laboratory's "not done" is often -1) is
 * `value-implausible`. The result is rounded to 12 significant digits.
 */
export function measure(input: unknown, target: MeasureTarget, spellings: UnitSpellings): Measured {
  if (typeof input !== 'object' || input === null) return no('no-value');
  const value: unknown = 'value' in input ? input.value : undefined;
  if (typeof value !== 'number' || Number.isNaN(value)) return no('no-value');
  if (!Number.isFinite(value)) return no('value-implausible');
  const comparator: unknown = 'comparator' in input ? (input.comparator ?? undefined) : undefined;
  // An unknown comparator changes the meaning of the number in a way that cannot be followed.
  if (comparator !== undefined && (typeof comparator !== 'string' || !comparators.has(comparator)))
    return no('no-value');

  const unit = readUnit(input, spellings);
  if (unit === undefined) return no('unit-missing');
  if (unit.ucum === undefined) return no('unit-unknown');
  // The text may say "per 1.73 m²" where the code leaves the annotation out.
  if (unit.indexed && !indexed(target.unit)) return no('unit-incompatible');
  const source = unit.indexed && !indexed(unit.ucum) ? `${unit.ucum}/{1.73_m2}` : unit.ucum;
  const found = conversion(source, target);
  if (found === undefined || (comparator !== undefined && !found.affine)) return no('unit-incompatible');
  if (value < 0 && !found.negative) return no('value-implausible');
  const converted = found.apply(value);
  if (converted === undefined || !Number.isFinite(converted)) return no('value-implausible');
  return {
    ok: true,
    interval: interval(rounded(converted), comparator),
    shown: { value, unit: unit.shown, ...(comparator !== undefined && { comparator }) },
  };
}
