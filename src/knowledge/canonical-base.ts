/** `{BASE}` of the contract, section 4: what our canonical URLs begin with, wherever the service runs. */
export const canonicalBase = 'https://bone-metastasis-cds.example/fhir';
