/** From here on people say whole numbers: 39 mL/min, 96 µmol/L. Below, decimals count: a calcium of 2.37 mmol/L. */
const wholeFrom = 10;

/** So near to a limit the decimals say on which side a number lies. */
const near = 1;

/**
 * A number as people say it: whole from 10 on, with as many decimals as keep it on its side where it is within 1 of a limit.
 * @param limits numbers of the same unit by which something is decided
 */
export function rounded(value: number, limits: readonly number[]): number {
  if (Math.abs(value) < wholeFrom || Number.isInteger(value)) return value;
  const close = limits.filter((limit) => Math.abs(value - limit) <= near);
  if (close.length === 0) return Math.round(value);
  const side = (number: number): string => close.map((limit) => Math.sign(number - limit)).join();
  const candidates = [1, 2].map((decimals) => Math.round(value * 10 ** decimals) / 10 ** decimals);
  return candidates.find((candidate) => side(candidate) === side(value)) ?? value;
}
