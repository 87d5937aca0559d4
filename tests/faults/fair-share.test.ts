import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  misbehavingServer,
  searchset,
  sendJson,
  type MisbehavingServer,
} from '../fhir/misbehaving-server.js';
import { patientView, post, startService, type JsonAnswer, type TestService } from '../http/running.js';
import { bearer, generateSigningKey, NOW } from '../trust/issuer.js';

const path = '/cds-services/bone-metastasis-review';
const hospitals = {
  slow: { issuer: 'https://slow.example', key: await generateSigningKey('ES384', 'slow') },
  quick: { issuer: 'https://quick.example', key: await generateSigningKey('ES384', 'quick') },
};
type Hospital = keyof typeof hospitals;

let folder = '';
let service: TestService;
let server: MisbehavingServer;
/** Questions that the slow hospital's server has been asked and does not answer. */
let hanging = 0;

beforeEach(async () => {
  hanging = 0;
  // One machine serves both hospitals, as that of a hosted EHR does.
  server = await misbehavingServer(({ url }, response) => {
    if (url?.startsWith('/slow/') === true) hanging += 1;
    else sendJson(response, searchset([]));
  });
  folder = await mkdtemp(join(tmpdir(), 'cds-share-'));
  const file = join(folder, 'clients.yaml');
  const clients = Object.entries(hospitals).map(([name, { issuer, key }]) => ({
    name,
    issuer,
    jwks: { keys: [{ ...key.jwk, alg: key.alg }] },
    fhirServers: [`${server.origin}/${name}`],
  }));
  await writeFile(file, JSON.stringify({ clients }));
  service = await startService(
    { CLIENTS_FILE: file, MAX_CONCURRENT_REQUESTS: '4', FHIR_BUDGET_MS: '4000' },
    { sandbox: false, now: () => NOW },
  );
});
afterEach(async () => {
  await service.stop();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const authorized = async (hospital: Hospital) => {
  const { issuer, key } = hospitals[hospital];
  return { authorization: await bearer(key, { iss: issuer, aud: `${service.url}${path}` }) };
};
const ask = async (hospital: Hospital): Promise<JsonAnswer> =>
  post(
    `${service.url}${path}`,
    patientView('planted', { fhirServer: `${server.origin}/${hospital}` }),
    await authorized(hospital),
  );
const timed = async (
  call: Promise<JsonAnswer>,
): Promise<{ readonly status: number; readonly ms: number }> => {
  const started = performance.now();
  const { status } = await call;
  return { status, ms: performance.now() - started };
};

describe('a hospital', () => {
  it('is answered at once while all calls of another one wait for a FHIR server that hangs', async () => {
    const stuck = Array.from({ length: 30 }, () => ask('slow'));
    // More questions than four calls ask: those that wait for the server have left their places to others.
    const until = performance.now() + 3000;
    while (hanging < 60 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(hanging).toBeGreaterThanOrEqual(60);
    for (let index = 0; index < 10; index += 1) {
      const { status, ms } = await timed(ask('quick'));
      expect(status).toBe(200);
      expect(ms).toBeLessThan(1000);
    }
    // What the slow one asks for is told in the way that lets it come back: unknown, or too many at once.
    const statuses = new Set((await Promise.all(stuck)).map(({ status }) => status));
    expect([...statuses].sort()).toEqual([412, 503]);
  });

  it('is answered while another one sends bodies that do not end', async () => {
    const { port } = new URL(service.url);
    const sockets: Socket[] = [];
    for (let index = 0; index < 12; index += 1) {
      const { authorization } = await authorized('slow');
      const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
      socket.on('data', () => undefined);
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
      );
      sockets.push(socket);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    const [own, ...quick] = await Promise.all([
      ask('slow'),
      ...Array.from({ length: 12 }, () => timed(ask('quick'))),
    ]);
    expect(quick.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
    // Bodies under way hold no place: its own calls are heard too, and learn that its FHIR server gives nothing.
    expect(own.status).toBe(412);
    for (const socket of sockets) socket.destroy();
  });
});
