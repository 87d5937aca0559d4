/** A text as searches compare it: without accents, case and punctuation. */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.-]+/gu, ' ')
    .trim();
}
