import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sandboxStore, type SandboxStore } from '../../src/sandbox/fhir/store.js';
import { fhirServer, type FhirServer } from './fhir-server.js';

const patient = { resourceType: 'Patient', id: 'p1' };
const condition = {
  resourceType: 'Condition',
  subject: { reference: 'urn:uuid:new-patient' },
  code: { text: 'x' },
};

let store: SandboxStore;
let server: FhirServer;
beforeEach(async () => {
  store = sandboxStore([patient]);
  server = await fhirServer(store);
});
afterEach(() => {
  server.close();
});

const post = (url: string, resource: object, fullUrl?: string): object => ({
  ...(fullUrl === undefined ? {} : { fullUrl }),
  resource,
  request: { method: 'POST', url },
});
const bundle = (type: string, ...entry: readonly object[]): object => ({
  resourceType: 'Bundle',
  type,
  entry,
});

describe('a transaction', () => {
  it('resolves urn:uuid references whatever the order of the entries', async () => {
    const { status, body } = await server.send(
      'POST',
      '/',
      bundle(
        'transaction',
        post('Condition', condition),
        post('Patient', { resourceType: 'Patient' }, 'urn:uuid:new-patient'),
        { request: { method: 'GET', url: 'Condition?patient=Patient/p1' } },
      ),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ type: 'transaction-response' });
    const [written, created, found] = body.entry as { response: object; resource: Record<string, unknown> }[];
    expect(written?.response).toMatchObject({ status: '201 Created', etag: 'W/"1"' });
    expect(written?.resource.subject).toEqual({ reference: `Patient/${String(created?.resource.id)}` });
    expect(found?.resource).toMatchObject({ type: 'searchset', total: 0 });
    expect(store.search('Condition', []).total).toBe(1);
  });

  it('leaves nothing behind when its last entry fails, not even a version', async () => {
    const { status, body } = await server.send(
      'POST',
      '/',
      bundle(
        'transaction',
        { resource: { ...patient, gender: 'female' }, request: { method: 'PUT', url: 'Patient/p1' } },
        post('Patient', { resourceType: 'Patient' }),
        { request: { method: 'GET', url: 'Observation/none' } },
      ),
    );
    expect(status).toBe(404);
    expect(body).toMatchObject({ issue: [{ expression: ['Bundle.entry[2]'] }] });
    expect(store.search('Patient', []).total).toBe(1);
    expect(store.search('Patient', [['gender', 'female']]).total).toBe(0);
    expect(store.read('Patient', 'p1').meta.versionId).toBe('1');
  });

  it('undoes a deletion', async () => {
    const entries = [
      { request: { method: 'DELETE', url: 'Patient/p1' } },
      { request: { method: 'DELETE', url: 'Patient/never' } },
    ];
    expect((await server.send('POST', '/', bundle('transaction', ...entries))).status).toBe(404);
    expect(store.search('Patient', [['_id', 'p1']]).total).toBe(1);
  });

  it.each<[string, number, object]>([
    ['a reference to nothing in the Bundle', 400, post('Condition', condition)],
    [
      'a conditional create',
      400,
      { ...post('Patient', patient), request: { method: 'POST', url: 'Patient', ifNoneExist: 'x=1' } },
    ],
    [
      'a conditional update',
      400,
      { resource: patient, request: { method: 'PUT', url: 'Patient?identifier=1' } },
    ],
    ['an entry without a request', 400, { resource: patient }],
    ['an invalid resource', 422, post('Observation', { resourceType: 'Observation' })],
    [
      'a stale version',
      412,
      { resource: patient, request: { method: 'PUT', url: 'Patient/p1', ifMatch: 'W/"9"' } },
    ],
  ])('is refused with %s', async (_what, status, entry) => {
    const answer = await server.send('POST', '/', bundle('transaction', post('Patient', patient), entry));
    expect(answer.status).toBe(status);
    expect(store.search('Patient', []).total).toBe(1);
  });

  it('is refused when it writes one resource twice', async () => {
    const put = { resource: patient, request: { method: 'PUT', url: 'Patient/p1' } };
    expect((await server.send('POST', '/', bundle('transaction', put, put))).status).toBe(400);
  });
});

describe('a batch', () => {
  it('performs each entry for itself', async () => {
    const { status, body } = await server.send(
      'POST',
      '/',
      bundle('batch', post('Patient', { resourceType: 'Patient' }), {
        request: { method: 'GET', url: 'Patient/none' },
      }),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      type: 'batch-response',
      entry: [
        { response: { status: '201 Created' } },
        { response: { status: '404', outcome: { resourceType: 'OperationOutcome' } } },
      ],
    });
    expect(store.search('Patient', []).total).toBe(2);
  });
});

it('refuses what is no transaction or batch', async () => {
  expect((await server.send('POST', '/', patient)).status).toBe(400);
  expect((await server.send('POST', '/', bundle('collection'))).status).toBe(400);
});
