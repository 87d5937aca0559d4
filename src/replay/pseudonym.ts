import { createHmac } from 'node:crypto';

/** By what patients are called in the output, and in which order they stand. */
export interface Pseudonyms {
  /** The patient's name in the output: a keyed hash, or the id itself where it is wanted. */
  readonly nameOf: (patientId: string) => string;
  /** Sorts patients, and spreads them over files: 16 hexadecimal digits. */
  readonly rankOf: (patientId: string) => string;
  /** Tells whether two outputs were made with one key, without telling the key. */
  readonly fingerprint: string;
}

/** @param key secret; @param keepIds patients keep their ids: the order is then by a hash without a key */
export function pseudonyms(key: string, keepIds: boolean): Pseudonyms {
  const hash = (text: string): string =>
    createHmac('sha256', keepIds ? 'ids are kept' : key)
      .update(text)
      .digest('base64url');
  const rankOf = (id: string): string =>
    Buffer.from(hash(`patient ${id}`), 'base64url')
      .toString('hex')
      .slice(0, 16);
  return {
    nameOf: (id) => (keepIds ? id : rankOf(id)),
    rankOf,
    fingerprint: keepIds ? 'ids' : hash('fingerprint of the key').slice(0, 16),
  };
}
