/** How the codes of one system are compared. */
export interface CodeSystemRules {
  /** Canonical URI, as value sets and our own resources write it. */
  readonly system: string;
  /** Longer codes are kinds of their stem (C34.1 is a C34), and dots are only layout. */
  readonly prefixHierarchy: boolean;
  /** Other spellings of a code in the one by which codes are compared; absent: as it stands, blanks aside. */
  readonly spelling?: (code: string) => string;
}

interface KnownSystem extends CodeSystemRules {
  /** Addresses under which charts carry the same codes. */
  readonly aliases: readonly string[];
}

const icd10 = 'http://hl7.org/fhir/sid/icd-10';

const withoutLayout = (code: string): string => code.replace(/[.\s]/g, '').toUpperCase();

/** The act has seven characters; activity and phase may follow (`PAQL0031`, `BGQP002...01.`), or a number of the PMSI. */
const withoutActivity = (code: string): string => withoutLayout(code).slice(0, 7);

/**
 * The boxes (CIP) and units given (UCD) of French medicines have seven digits; the forms of thirteen put a prefix of the
 * agency before them and a check digit after them. Some exports pad with zeros instead, or write blanks and hyphens.
 */
const medicineNumber = (code: string): string => {
  const digits = code.replace(/\D/g, '');
  if (/^3400[89]\d{8}$/.test(digits)) return digits.slice(5, 12);
  return digits.length === 13 ? digits.replace(/^0+/, '') : digits;
};

/** Tests of the NABM have four digits; exports as numbers lose the zeros before them. */
const fourDigits = (code: string): string => code.trim().padStart(4, '0');

/** National editions agree with that of the WHO in the first four characters; what they add behind differs. */
const fourCharacters = (code: string): string => withoutLayout(code).slice(0, 4);

const knownSystems: readonly KnownSystem[] = [
  {
    system: 'http://snomed.info/sct',
    prefixHierarchy: false,
    aliases: ['urn:oid:2.16.840.1.113883.6.96', 'https://snomed.info/sct'],
  },
  {
    system: 'http://loinc.org',
    prefixHierarchy: false,
    aliases: [
      'urn:oid:2.16.840.1.113883.6.1',
      'https://loinc.org',
      'https://mos.esante.gouv.fr/NOS/TRE_A04-Loinc/FHIR/TRE-A04-Loinc',
    ],
  },
  {
    system: icd10,
    prefixHierarchy: true,
    aliases: [
      'urn:oid:2.16.840.1.113883.6.3',
      'http://hl7.org/fhir/sid/icd-10-fr',
      'https://smt.esante.gouv.fr/terminologie-cim-10',
      'https://mos.esante.gouv.fr/NOS/TRE_R311-CIM10Atih/FHIR/TRE-R311-CIM10Atih',
    ],
  },
  {
    system: icd10,
    prefixHierarchy: true,
    spelling: fourCharacters,
    aliases: [
      'http://fhir.de/CodeSystem/bfarm/icd-10-gm',
      'http://fhir.de/CodeSystem/dimdi/icd-10-gm',
      'http://hl7.org/fhir/sid/icd-10-de',
      'urn:oid:1.2.276.0.76.5.409',
    ],
  },
  {
    system: 'http://hl7.org/fhir/sid/icd-10-cm',
    prefixHierarchy: true,
    aliases: ['urn:oid:2.16.840.1.113883.6.90'],
  },
  {
    system: 'http://www.cms.gov/Medicare/Coding/ICD10',
    prefixHierarchy: true,
    aliases: [
      'https://www.cms.gov/Medicare/Coding/ICD10',
      'http://hl7.org/fhir/sid/icd-10-pcs',
      'urn:oid:2.16.840.1.113883.6.4',
    ],
  },
  {
    system: 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets',
    prefixHierarchy: false,
    aliases: [
      'https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets',
      'https://www.cms.gov/Medicare/Coding/MedHCPCSGenInfo/index.html',
      'http://www.nlm.nih.gov/research/umls/hcpcs',
      'urn:oid:2.16.840.1.113883.6.285',
    ],
  },
  {
    system: 'http://fhir.de/CodeSystem/bfarm/ops',
    prefixHierarchy: true,
    aliases: ['http://fhir.de/CodeSystem/dimdi/ops', 'urn:oid:2.16.840.1.113883.6.299'],
  },
  {
    system: 'http://www.whocc.no/atc',
    prefixHierarchy: true,
    aliases: [
      'urn:oid:2.16.840.1.113883.6.73',
      'https://www.whocc.no/atc',
      'https://smt.esante.gouv.fr/terminologie-atc',
      'https://terminology.eds.aphp.fr/atc',
      'http://fhir.de/CodeSystem/bfarm/atc',
      'http://fhir.de/CodeSystem/dimdi/atc',
    ],
  },
  {
    system: 'http://www.nlm.nih.gov/research/umls/rxnorm',
    prefixHierarchy: false,
    aliases: ['urn:oid:2.16.840.1.113883.6.88', 'https://www.nlm.nih.gov/research/umls/rxnorm'],
  },
  {
    system: 'https://smt.esante.gouv.fr/terminologie-ccam',
    prefixHierarchy: false,
    spelling: withoutActivity,
    aliases: [
      'urn:oid:1.2.250.1.215.300.1',
      'urn:oid:1.2.250.1.213.2.5',
      'https://interop.aphp.fr/ig/fhir/dm/CodeSystem/Ccam',
      'http://fhir.arkhn.com/ccam',
    ],
  },
  // Product, box and unit given share addresses in practice; their numbers differ in length or in the first digit.
  {
    system: 'https://smt.esante.gouv.fr/terminologie-bdpm',
    prefixHierarchy: false,
    spelling: medicineNumber,
    aliases: [
      'urn:oid:1.2.250.1.213.2.3.1',
      'urn:oid:1.2.250.1.213.2.3.2',
      'urn:oid:1.2.250.1.213.2.62',
      'urn:oid:1.2.250.1.215.200.1.1.1',
      'urn:oid:1.2.250.1.215.200.1.1.2',
      'https://smt.esante.gouv.fr/terminologie-cip_ucd',
      'https://terminology.eds.aphp.fr/smt-medicament-ucd',
      'http://data.esante.gouv.fr/ansm/medicament/SpecialitePharmaceutique',
      'http://data.esante.gouv.fr/ansm/medicament/Presentation',
      'http://data.esante.gouv.fr/ansm/medicament/UCD',
      'http://phast.fr/fhir/ValueSet/Pharmacy/CIOdc/SIPh-CIO_UCD',
    ],
  },
  {
    system: 'http://data.esante.gouv.fr/ansm/medicament/codeSMS',
    prefixHierarchy: false,
    aliases: [
      'http://data.esante.gouv.fr/ansm/medicament/CodeSMS',
      'https://smt.esante.gouv.fr/terminologie-sms',
    ],
  },
  {
    system: 'https://smt.esante.gouv.fr/terminologie-nabm',
    prefixHierarchy: false,
    spelling: fourDigits,
    aliases: ['urn:oid:1.2.250.1.215.300.2', 'urn:oid:1.2.250.1.213.2.7'],
  },
  {
    system: 'https://mos.esante.gouv.fr/NOS/TRE_R308-TAASIP/FHIR/TRE-R308-TAASIP',
    prefixHierarchy: false,
    aliases: ['urn:oid:1.2.250.1.213.1.1.4.322'],
  },
  {
    system: 'https://mos.esante.gouv.fr/NOS/TRE_R213-ModePriseEnCharge/FHIR/TRE-R213-ModePriseEnCharge',
    prefixHierarchy: false,
    aliases: ['urn:oid:1.2.250.1.213.3.3.13'],
  },
  {
    system: 'http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl',
    prefixHierarchy: false,
    aliases: ['https://smt.esante.gouv.fr/terminologie-ncit', 'urn:oid:2.16.840.1.113883.3.26.1.1'],
  },
  {
    system: 'http://dicom.nema.org/resources/ontology/DCM',
    prefixHierarchy: false,
    aliases: ['urn:oid:1.2.840.10008.2.16.4'],
  },
];

const rulesByUri = new Map<string, CodeSystemRules>(
  knownSystems.flatMap((known) =>
    // A spelling of its own belongs to the addresses, not to the system that they are read as.
    (known.spelling === fourCharacters ? known.aliases : [known.system, ...known.aliases]).map(
      (uri): [string, CodeSystemRules] => [uri, known],
    ),
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
export function normaliseCode({ prefixHierarchy, spelling }: CodeSystemRules, code: string): string {
  if (spelling !== undefined) return spelling(code);
  return prefixHierarchy ? withoutLayout(code) : code.trim();
}
