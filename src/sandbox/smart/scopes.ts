import { searchParameters } from '../fhir/search-parameters.js';

const v1 = ['read', 'write', '*'];

/** Every ordered, non-empty choice of create, read, update, delete, search: `c`, `cr` … `cruds`. */
function v2(): readonly string[] {
  return 'cruds'
    .split('')
    .reduce<readonly string[]>((chosen, action) => [...chosen, ...chosen.map((some) => some + action)], [''])
    .filter((some) => some !== '');
}

/** Scopes that ask for context or identity and not for data. */
export const contextScopes: readonly string[] = [
  'openid',
  'fhirUser',
  'launch',
  'launch/patient',
  'launch/encounter',
  'offline_access',
  'online_access',
];

/** What the EHR lets its CDS service read with the token of a hook call: the chart of one patient, and who asks. */
export const cdsServiceScopes: readonly string[] = [
  ...Object.keys(searchParameters)
    .filter((type) => searchParameters[type]?.patient !== undefined || type === 'Patient')
    .map((type) => `patient/${type}.rs`),
  'user/Practitioner.rs',
];

/** The scopes over data, SMART v1 and v2, that an app may ask for; others are left out of what is granted. */
export const dataScopes: readonly string[] = ['patient', 'user'].flatMap((level) =>
  ['*', ...Object.keys(searchParameters)].flatMap((type) =>
    [...v1, ...v2()].map((action) => `${level}/${type}.${action}`),
  ),
);
