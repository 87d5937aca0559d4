/** How units are written in real charts, and the UCUM code that each spelling stands for. */
export interface UnitSpellings {
  /** UCUM code of a written unit; undefined when it is not listed, or when only its case tells two units apart. */
  ucum(written: string): string | undefined;
}

const withoutSpaces = (written: string): string => written.replace(/\s+/g, '').replaceAll('\u03bc', '\u00b5');

/**
 * Spellings from `cds-services/units.yaml` (spelling → UCUM code). White space never counts and the two micro
 * signs are one. Case counts first (`G/L` is 10*9/L, `g/L` is gram per litre); another case of a listed spelling
 * is accepted only when all that fold to it mean the same unit.
 */
export function unitSpellings(entries: Readonly<Record<string, string>>): UnitSpellings {
  const exact = new Map<string, string>();
  const folded = new Map<string, string | undefined>();
  for (const [spelling, ucum] of Object.entries(entries)) {
    const key = withoutSpaces(spelling);
    const fold = key.toLowerCase();
    exact.set(spelling, ucum);
    exact.set(key, ucum);
    folded.set(fold, folded.has(fold) && folded.get(fold) !== ucum ? undefined : ucum);
  }
  return {
    ucum(written) {
      const direct = exact.get(written);
      if (direct !== undefined) return direct;
      const key = withoutSpaces(written);
      return exact.get(key) ?? folded.get(withoutSpaces(key.toLowerCase()));
    },
  };
}
