/** How the codes of one system are compared. */
export interface CodeSystemRules {
  /** Canonical URI, as value sets and our own resources write it. */
  readonly system: string;
  /** Longer codes are kinds of their stem (C34.1 is a C34), and dots are only layout. */
  readonly prefixHierarchy: boolean;
}

interface KnownSystem extends CodeSystemRules {
  readonly aliases: readonly string[];
}

const knownSystems: readonly KnownSystem[] = [
  {
    system: 'http://snomed.info/sct',
    prefixHierarchy: false,
    aliases: ['urn:oid:2.16.840.1.113883.6.96', 'https://snomed.info/sct'],
  },
  {
    system: 'http://loinc.org',
    prefixHierarchy: false,
    aliases: ['urn:oid:2.16.840.1.113883.6.1', 'https://loinc.org'],
  },
  {
    system: 'http://hl7.org/fhir/sid/icd-10',
    prefixHierarchy: true,
    aliases: ['urn:oid:2.16.840.1.113883.6.3', 'https://smt.esante.gouv.fr/terminologie-cim-10'],
  },
  {
    system: 'http://hl7.org/fhir/sid/icd-10-cm',
    prefixHierarchy: true,
    aliases: ['urn:oid:2.16.840.1.113883.6.90'],
  },
  {
    system: 'http://www.whocc.no/atc',
    prefixHierarchy: true,
    aliases: [
      'urn:oid:2.16.840.1.113883.6.73',
      'https://www.whocc.no/atc',
      'https://smt.esante.gouv.fr/terminologie-atc',
    ],
  },
  {
    system: 'http://www.nlm.nih.gov/research/umls/rxnorm',
    prefixHierarchy: false,
    aliases: ['urn:oid:2.16.840.1.113883.6.88', 'https://www.nlm.nih.gov/research/umls/rxnorm'],
  },
];

const rulesByUri = new Map<string, CodeSystemRules>(
  knownSystems.flatMap((known) =>
    [known.system, ...known.aliases].map((uri): [string, CodeSystemRules] => [uri, known]),
  ),
);

const SNOMED_VERSIONED = /^https?:\/\/snomed\.info\/sct[/|]/;
const SNOMED = 'http://snomed.info/sct';

/**
 * The rules of a coding's system: OIDs, `https` spellings, a closing slash and SNOMED CT edition or version paths
 * are read as the canonical URI. Any other system is compared as it stands, code by code.
 */
export function rulesOf(uri: string): CodeSystemRules {
  const known = rulesByUri.get(uri);
  if (known !== undefined) return known;
  const trimmed = SNOMED_VERSIONED.test(uri) ? SNOMED : uri.trim().replace(/\/$/, '');
  return rulesByUri.get(trimmed) ?? { system: trimmed, prefixHierarchy: false };
}

/** One spelling per code: blanks never count; dots and case do not count where codes form a prefix hierarchy. */
export function normaliseCode({ prefixHierarchy }: CodeSystemRules, code: string): string {
  return prefixHierarchy ? code.replace(/[.\s]/g, '').toUpperCase() : code.trim();
}
