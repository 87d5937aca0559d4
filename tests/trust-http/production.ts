import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startService, type JsonAnswer, type TestService, call } from '../http/running.js';
import { bearer, generateSigningKey, ISSUER, NOW } from '../trust/issuer.js';

export const PUBLIC = 'https://cds.example.org';
export const es384 = await generateSigningKey('ES384', 'key-es');
export const rs384 = await generateSigningKey('RS384', 'key-rs');

/** Every endpoint that works on patient data or tells what the service is. */
export const endpoints = [
  ['GET', '/cds-services'],
  ['POST', '/cds-services/bone-metastasis-review'],
  ['POST', '/cds-services/bone-metastasis-review/feedback'],
  ['POST', '/scores'],
  ['POST', '/fhir/QuestionnaireResponse/$extract'],
] as const;

/** A client as the clients file has it. */
export const writtenClient = (change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  name: 'Example Hospital',
  issuer: ISSUER,
  jwks: {
    keys: [es384, rs384].map(({ jwk, alg }) => ({ ...jwk, alg, use: 'sig' })),
  },
  tenants: ['north'],
  fhirServers: ['https://ehr.example.org/fhir'],
  corsOrigins: ['https://ehr.example.org'],
  frameAncestors: ['https://ehr.example.org'],
  language: 'fr',
  ...change,
});

export interface Production {
  readonly service: TestService;
  readonly file: string;
  /** Writes the clients file anew while the service runs. */
  readonly rewrite: (...clients: readonly unknown[]) => Promise<void>;
  readonly send: (method: string, path: string, more?: Sent) => Promise<JsonAnswer>;
  readonly stop: () => Promise<void>;
}

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The whole service as a hospital runs it: no sandbox, tokens required, https in front of it. */
export async function startProduction(
  clients: readonly unknown[] = [writtenClient()],
  env: Readonly<Record<string, string>> = {},
  now: () => Date = () => NOW,
): Promise<Production> {
  const folder = await mkdtemp(join(tmpdir(), 'cds-clients-'));
  const file = join(folder, 'clients.yaml');
  const rewrite = (...list: readonly unknown[]): Promise<void> =>
    writeFile(file, JSON.stringify({ clients: list }));
  await rewrite(...clients);
  const service = await startService(
    { NODE_ENV: 'production', PUBLIC_BASE_URL: PUBLIC, CLIENTS_FILE: file, ...env },
    { now },
  );
  return {
    service,
    file,
    rewrite,
    send: (method, path, { headers = {}, body = {} } = {}) =>
      call(`${service.listeningOn}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(method === 'POST' && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    stop: async () => {
      await service.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** `Authorization` with a good token for a path. */
export const tokenFor = (
  path: string,
  claims: Readonly<Record<string, unknown>> = {},
  key = es384,
): Promise<string> => bearer(key, { aud: `${PUBLIC}${path}`, tenant: 'north', ...claims });
