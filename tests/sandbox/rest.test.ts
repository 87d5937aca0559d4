import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sandboxStore } from '../../src/sandbox/fhir/store.js';
import { fhirServer, idsIn, type FhirServer } from './fhir-server.js';

const observation = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '14682-9' }] },
  subject: { reference: 'Patient/p1' },
};

let server: FhirServer;
beforeAll(async () => {
  server = await fhirServer(
    sandboxStore([{ resourceType: 'Patient', id: 'p1', name: [{ family: 'Lefèvre' }] }]),
  );
});
afterAll(() => {
  server.close();
});

describe('the RESTful API', () => {
  it('creates with 201, Location and ETag, and reads back what was sent', async () => {
    const created = await server.send('POST', '/Observation', { ...observation, id: 'ignored' });
    expect(created.status).toBe(201);
    expect(created.headers.get('etag')).toBe('W/"1"');
    const location = created.headers.get('location') ?? '';
    expect(location).toBe(`${server.base}/Observation/${String(created.body.id)}/_history/1`);
    expect(created.body.id).not.toBe('ignored');
    const read = await server.send('GET', `/Observation/${String(created.body.id)}`);
    expect(read.status).toBe(200);
    expect(read.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
    expect(read.body).toMatchObject({ ...observation, meta: { versionId: '1' } });
  });

  it('creates by PUT with 201 and updates with 200 and a new version', async () => {
    const first = await server.send('PUT', '/Observation/put-1', { ...observation, id: 'put-1' });
    expect([first.status, first.headers.get('etag')]).toEqual([201, 'W/"1"']);
    const second = await server.send('PUT', '/Observation/put-1', {
      ...observation,
      id: 'put-1',
      status: 'amended',
    });
    expect([second.status, second.headers.get('etag')]).toEqual([200, 'W/"2"']);
  });

  it('refuses an update whose If-Match is not the current version, and takes the current one', async () => {
    const body = { ...observation, id: 'match-1' };
    await server.send('PUT', '/Observation/match-1', body);
    const stale = await server.send('PUT', '/Observation/match-1', body, { 'If-Match': 'W/"7"' });
    expect(stale.status).toBe(412);
    const current = await server.send('PUT', '/Observation/match-1', body, { 'If-Match': 'W/"1"' });
    expect(current.status).toBe(200);
    const unborn = await server.send(
      'PUT',
      '/Observation/match-2',
      { ...body, id: 'match-2' },
      { 'If-Match': '"1"' },
    );
    expect(unborn.status).toBe(412);
  });

  it('deletes with 204, then answers 410 and no longer finds it', async () => {
    await server.send('PUT', '/Observation/gone-1', { ...observation, id: 'gone-1' });
    expect((await server.send('DELETE', '/Observation/gone-1')).status).toBe(204);
    expect((await server.send('GET', '/Observation/gone-1')).status).toBe(410);
    expect((await server.send('DELETE', '/Observation/gone-1')).status).toBe(204);
    expect(idsIn((await server.send('GET', '/Observation?_id=gone-1')).body)).toEqual([]);
    const reborn = await server.send('PUT', '/Observation/gone-1', { ...observation, id: 'gone-1' });
    expect([reborn.status, reborn.headers.get('etag')]).toEqual([201, 'W/"3"']);
  });

  it('lists the FHIR version and every search parameter in its CapabilityStatement', async () => {
    const { status, body } = await server.send('GET', '/metadata');
    expect(status).toBe(200);
    expect(body).toMatchObject({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1' });
    const [rest] = body.rest as {
      resource: { type: string; searchParam: { name: string; type: string }[] }[];
    }[];
    const medication = rest?.resource.find((resource) => resource.type === 'MedicationRequest');
    expect(medication?.searchParam).toContainEqual({ name: 'medication', type: 'reference' });
    // R4 spells it so for this type alone.
    const study = rest?.resource.find((resource) => resource.type === 'ImagingStudy');
    expect(study?.searchParam).toContainEqual({ name: 'basedon', type: 'reference' });
  });

  it('lets a page of any origin read it, with the headers that it needs', async () => {
    const { headers } = await server.send('GET', '/Patient/p1', undefined, {
      Origin: 'https://sandbox.cds-hooks.org',
    });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-expose-headers')).toContain('Location');
    const preflight = await server.send('OPTIONS', '/Patient/p1', undefined, {
      Origin: 'https://sandbox.cds-hooks.org',
      'Access-Control-Request-Method': 'PUT',
      'Access-Control-Request-Headers': 'authorization',
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization');
  });

  it('accepts application/json and an Accept with parameters', async () => {
    const types = {
      'Content-Type': 'application/json; charset=utf-8',
      Accept: 'application/fhir+json; fhirVersion=4.0',
    };
    expect((await server.send('POST', '/Observation', observation, types)).status).toBe(201);
  });
});

describe('errors are OperationOutcomes', () => {
  it.each<[string, number, string, string, unknown, Record<string, string>?]>([
    ['malformed JSON', 400, 'POST', '/Observation', '{"resourceType":'],
    ['a body that is no object', 400, 'POST', '/Observation', '[1]'],
    ['another resourceType than the URL', 400, 'POST', '/Observation', { resourceType: 'Patient' }],
    ['another id than the URL', 400, 'PUT', '/Patient/p9', { resourceType: 'Patient', id: 'p8' }],
    ['an unknown search parameter', 400, 'GET', '/Observation?colour=red', undefined],
    ['an empty patient, which would return everybody', 400, 'GET', '/Observation?patient=', undefined],
    ['a date that is none', 400, 'GET', '/Observation?date=ge2026-13', undefined],
    ['a modifier that is not supported', 400, 'GET', '/Observation?code:in=x', undefined],
    ['an unknown sort', 400, 'GET', '/Observation?_sort=colour', undefined],
    ['an inherited property as a parameter', 400, 'GET', '/Observation?constructor=x', undefined],
    ['an unknown id', 404, 'GET', '/Patient/nobody', undefined],
    ['a type that is not stored', 404, 'GET', '/Spaceship', undefined],
    ['an inherited property as a type', 404, 'GET', '/constructor', undefined],
    ['a method that does not exist here', 405, 'PATCH', '/Patient/p1', undefined],
    ['a GET of the base', 405, 'GET', '/', undefined],
    ['XML asked for', 406, 'GET', '/Patient/p1', undefined, { Accept: 'application/fhir+xml' }],
    ['XML sent', 415, 'POST', '/Patient', '<Patient/>', { 'Content-Type': 'application/fhir+xml' }],
    ['a missing status', 422, 'POST', '/Observation', { resourceType: 'Observation', code: { text: 'x' } }],
    ['a status that does not exist', 422, 'POST', '/Observation', { ...observation, status: 'done' }],
    ['an id with a slash', 422, 'POST', '/Patient', { resourceType: 'Patient', id: 'a/b' }],
    ['a __proto__ element', 422, 'POST', '/Patient', '{"resourceType":"Patient","__proto__":{"x":1}}'],
  ])('%s → %i', async (_what, status, ...[method, path, body, headers = {}]) => {
    const answer = await server.send(method, path, body, headers);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ severity: 'error' }] });
  });

  it('lists every problem of a resource with its place', async () => {
    const { body } = await server.send('POST', '/MedicationRequest', {
      resourceType: 'MedicationRequest',
      status: 'x',
    });
    const issues = body.issue as { expression: string[] }[];
    expect(issues.flatMap((issue) => issue.expression)).toEqual([
      'MedicationRequest.intent',
      'MedicationRequest.subject',
      'MedicationRequest.medication[x]',
      'MedicationRequest.status',
    ]);
  });

  it('says which methods are allowed', async () => {
    expect((await server.send('DELETE', '/Patient')).headers.get('allow')).toBe('GET, POST');
  });

  it('survives 10 000 levels of nesting and a body over the limit', async () => {
    const nested = `{"resourceType":"Patient","extension":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    expect((await server.send('POST', '/Patient', nested)).status).toBe(422);
    const bundle = `{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"POST","url":"Patient"},"resource":${nested}}]}`;
    expect((await server.send('POST', '/', bundle)).status).toBe(422);
    const large = JSON.stringify({ resourceType: 'Patient', name: [{ text: 'x'.repeat(11 * 1024 * 1024) }] });
    expect((await server.send('POST', '/Patient', large)).status).toBe(413);
    expect((await server.send('GET', '/Patient/p1')).status).toBe(200);
  });

  it('does not repeat the body in an error', async () => {
    const { body } = await server.send('POST', '/Patient', '{"resourceType":"Patient","name":"Lefèvre');
    expect(JSON.stringify(body)).not.toContain('Lef');
  });
});
