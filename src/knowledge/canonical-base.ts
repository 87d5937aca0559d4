/** `{BASE}` of the contract, section 4: what our canonical URLs begin with, wherever the service runs. */
export const canonicalBase = 'https://bone-metastasis-cds.example/fhir';

/** What the URLs of our own code systems begin with. */
export const ownSystems = `${canonicalBase}/CodeSystem/`;
