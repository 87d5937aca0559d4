/** Somebody wants it to stop: exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
