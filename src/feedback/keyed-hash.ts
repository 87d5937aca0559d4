import { createHmac, randomBytes } from 'node:crypto';

/**
 * Keyed hashes of patients, users, encounters and of what cards say. All name the client and the FHIR server, since local
 * ids coincide between hospitals; without the secret nobody can tell whose they are. They begin with a name of the secret:
 * so it can be told which of them another secret would be needed for.
 */
export interface KeyedHash {
  /** What all keys of this secret begin with. */
  readonly prefix: string;
  readonly patient: (client: string, fhirBase: string, patientId: string) => string;
  readonly user: (client: string, fhirBase: string, userId: string) => string;
  readonly encounter: (client: string, fhirBase: string, encounterId: string) => string;
  /** What a card says about a patient; apart for a client that only tries the service out, as nobody has seen it. */
  readonly subject: (patientKey: string, fingerprint: string, shadow: boolean) => string;
}

/** A secret of this process alone: nothing that is hashed with it can be found after a restart. */
export const randomSecret = (): string => randomBytes(32).toString('base64url');

export const keyedHash = (secret: string): KeyedHash => {
  const hash = (...parts: readonly string[]): string =>
    createHmac('sha256', secret).update(JSON.stringify(parts)).digest('base64url');
  const prefix = `${hash('name of the secret').slice(0, 6)}.`;
  const key = (...parts: readonly string[]): string => prefix + hash(...parts).slice(0, 32);
  return {
    prefix,
    patient: (client, fhirBase, patientId) => key('patient', client, fhirBase, patientId),
    user: (client, fhirBase, userId) => key('user', client, fhirBase, userId),
    encounter: (client, fhirBase, encounterId) => key('encounter', client, fhirBase, encounterId),
    subject: (patientKey, fingerprint, shadow) => key(shadow ? 'shadow' : 'subject', patientKey, fingerprint),
  };
};

/**
 * The base URL of a FHIR server in the one spelling that keys use: case of scheme and host, default port and slashes at
 * the end never distinguish two servers. What is no URL is taken as it is.
 */
export const normalBase = (url: string): string => {
  if (!URL.canParse(url)) return url;
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/(?<!\/)\/+$/, '')}`;
};
