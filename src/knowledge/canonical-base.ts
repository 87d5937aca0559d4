/** What our canonical URLs and code systems begin with, unless the deployment names another base. */
export const defaultBase = 'https://bone-metastasis-cds.example/fhir';

/** What the URLs of our own code systems begin with. */
export function ownSystemsAt(base: string): string {
  return `${base}/CodeSystem/`;
}

/**
 * How a URI of ours is compared: one that begins with the default base means the same under the deployment's own, since
 * charts may have been written before the base was set. Any other URI is given back as it is.
 */
export function ownUri(base: string): (uri: string) => string {
  if (base === defaultBase) return (uri) => uri;
  const prefix = `${defaultBase}/`;
  return (uri) => (uri.startsWith(prefix) ? base + uri.slice(defaultBase.length) : uri);
}

/** The text of an artifact with the deployment's base in the place of the default one. */
export function atBase(text: string, base: string): string {
  return base === defaultBase ? text : text.replaceAll(defaultBase, base);
}

/** HL7's reasons not to follow advice (CDS Hooks 3.0). */
export const nonAdherenceSystem = 'http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes';
