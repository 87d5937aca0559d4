/** What our canonical URLs and code systems begin with; without a slash at the end. */
export interface Bases {
  /** In all that this deployment publishes, sends and writes. */
  readonly canonicalBase: string;
  /** In the artifacts as they are shipped. */
  readonly shippedBase: string;
}

/** What the URLs of our own code systems begin with. */
export function ownSystemsAt(base: string): string {
  return `${base}/CodeSystem/`;
}

/**
 * How a URI of ours is compared: one that begins with the shipped base means the same under the deployment's own, since
 * charts may have been written before the base was set. Any other URI is given back as it is.
 */
export function ownUri({ canonicalBase, shippedBase }: Bases): (uri: string) => string {
  if (canonicalBase === shippedBase) return (uri) => uri;
  const prefix = `${shippedBase}/`;
  return (uri) => (uri.startsWith(prefix) ? canonicalBase + uri.slice(shippedBase.length) : uri);
}

/** The text of an artifact with the deployment's base in the place of the shipped one. */
export function atBase(text: string, { canonicalBase, shippedBase }: Bases): string {
  return canonicalBase === shippedBase ? text : text.replaceAll(shippedBase, canonicalBase);
}

/** HL7's reasons not to follow advice (CDS Hooks 3.0). */
export const nonAdherenceSystem = 'http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes';
