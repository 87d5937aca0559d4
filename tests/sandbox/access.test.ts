import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scopesAllow } from '../../src/sandbox/fhir/access.js';
import type { FhirResource } from '../../src/sandbox/fhir/resource.js';
import { sandboxStore } from '../../src/sandbox/fhir/store.js';
import { fhirServer, idsIn, type FhirServer } from './fhir-server.js';

const observation = (id: string, patient: string): FhirResource => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  subject: { reference: `Patient/${patient}` },
});

let server: FhirServer;
beforeAll(async () => {
  const store = sandboxStore([
    { resourceType: 'Patient', id: 'p1' },
    { resourceType: 'Patient', id: 'p2' },
    { resourceType: 'Practitioner', id: 'd1' },
    observation('o1', 'p1'),
    observation('o2', 'p2'),
  ]);
  server = await fhirServer(store, {
    authorize: (request) => {
      const token = request.get('Authorization');
      if (token === undefined) return 'open';
      if (token !== 'Bearer good') return 'refused';
      const scopes = 'openid patient/Observation.cruds patient/Patient.read user/Practitioner.r';
      return Promise.resolve({ patient: 'p1', scopes });
    },
  });
});
afterAll(() => {
  server.close();
});

const as = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });

describe('a token bound to one patient', () => {
  it.each<[string, number, string, string, unknown?]>([
    ['reads its patient', 200, 'GET', '/Patient/p1'],
    ['does not read another patient', 403, 'GET', '/Patient/p2'],
    ['does not read the results of another patient', 403, 'GET', '/Observation/o2'],
    ['does not read a type outside its scopes', 403, 'GET', '/Condition?patient=p1'],
    ['reads who is in no chart', 200, 'GET', '/Practitioner/d1'],
    ['does not search what it may only read', 403, 'GET', '/Practitioner'],
    [
      'does not write what it may only read',
      403,
      'PUT',
      '/Patient/p1',
      { resourceType: 'Patient', id: 'p1' },
    ],
    ['writes into its chart', 201, 'POST', '/Observation', observation('x', 'p1')],
    ['does not write into another chart', 403, 'POST', '/Observation', observation('x', 'p2')],
    ['does not take over a result of another chart', 403, 'PUT', '/Observation/o2', observation('o2', 'p1')],
    ['does not move a result to another chart', 403, 'PUT', '/Observation/o1', observation('o1', 'p2')],
    ['does not delete in another chart', 403, 'DELETE', '/Observation/o2'],
  ])('%s', async (_what, status, ...[method, path, body]) => {
    expect((await server.send(method, path, body, as('good'))).status).toBe(status);
  });

  it('finds only its patient, even when it asks for all', async () => {
    const { body } = await server.send('GET', '/Observation?_id=o1,o2', undefined, as('good'));
    expect([body.total, idsIn(body)]).toEqual([1, ['o1']]);
    expect(idsIn((await server.send('GET', '/Observation?patient=p2', undefined, as('good'))).body)).toEqual(
      [],
    );
    expect(idsIn((await server.send('GET', '/Patient', undefined, as('good'))).body)).toEqual(['p1']);
  });

  it('left the other chart as it was', async () => {
    const { body } = await server.send('GET', '/Observation?patient=p2');
    expect(idsIn(body)).toEqual(['o2']);
  });

  it('is held to the same in a transaction', async () => {
    const entry = [{ request: { method: 'GET', url: 'Patient/p2' } }];
    const transaction = { resourceType: 'Bundle', type: 'transaction', entry };
    expect((await server.send('POST', '/', transaction, as('good'))).status).toBe(403);
  });
});

it('refuses a bad token with 401 and says how to authenticate, but shows its capabilities', async () => {
  const { status, headers, body } = await server.send('GET', '/Patient/p1', undefined, as('bad'));
  expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="sandbox"']);
  expect(body.resourceType).toBe('OperationOutcome');
  expect((await server.send('GET', '/metadata', undefined, as('bad'))).status).toBe(200);
});

it.each<[string, boolean]>([
  ['patient/Observation.read', true],
  ['patient/Observation.write', false],
  ['patient/*.rs', true],
  ['user/Observation.*', true],
  ['patient/Observation.cud', false],
  ['patient/Observation.', false],
  ['patient/Observation.rs?category=laboratory', false],
  ['patient/Condition.rs launch openid', false],
])('the scopes «%s» allow to search results: %s', (scopes, allowed) => {
  expect(scopesAllow(scopes, 'Observation', 's')).toBe(allowed);
});
