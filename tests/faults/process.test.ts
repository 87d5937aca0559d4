import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { misbehavingServer, searchset, sendJson } from '../fhir/misbehaving-server.js';
import { denosumab, orderSign, post } from '../http/running.js';
import { reportAttack } from '../security/report.js';
import { refusedStart, spawnService, type Spawned } from './spawned.js';

const ROUNDS = Number(process.env['SERVICE_KILL_ROUNDS'] ?? 10);

let folder = '';
let running: Spawned | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cds-process-'));
});
afterEach(async () => {
  if (running?.child.exitCode === null && running.child.signalCode === null) await running.end('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** On a busy machine a start takes long; what never comes must not be waited for after the test has failed. */
const patience = 90_000;
jest.setTimeout(patience);
const until = async (holds: () => boolean): Promise<void> => {
  const end = performance.now() + patience / 3;
  while (!holds() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
};

const environment = (): Record<string, string> => ({ DATABASE_URL: `file:${folder}/cds.sqlite` });

describe('SIGTERM', () => {
  it('lets the call in flight be answered, takes nothing new, and ends with 0 at once', async () => {
    const answers: (() => void)[] = [];
    const server = await misbehavingServer((_request, response) => {
      answers.push(() => {
        sendJson(response, searchset([]));
      });
    });
    try {
      running = await spawnService(environment());
      const request = orderSign('planted', [denosumab('planted')], { fhirServer: server.base });
      const answer = post(`${running.url}/cds-services/antiresorptive-safety`, request);
      await until(() => answers.length >= 2);
      const ended = running.end('SIGTERM');
      await until(() => running?.printed().includes('"stopping"') === true);
      await expect(fetch(`${running.url}/healthz`, { headers: { connection: 'close' } })).rejects.toThrow();
      const answered = performance.now();
      for (const send of answers) send();
      expect((await answer).status).toBe(200);
      expect(await ended).toBe(0);
      expect(performance.now() - answered).toBeLessThan(3000);
    } finally {
      await server.close();
    }
  });
});

/** Sends feedback one after the other until the process is gone; gives the cards acknowledged and the one under way. */
async function sendUntilGone(url: string, onFirst: () => void): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  for (;;) {
    const card = randomUUID();
    const answer = await post(`${url}/cds-services/antiresorptive-safety/feedback`, {
      feedback: [feedbackOn(card)],
    }).catch(() => undefined);
    if (answer?.status !== 200) return acknowledged;
    acknowledged.push(card);
    onFirst();
  }
}

const feedbackOn = (card: string) => ({
  card,
  outcome: 'accepted',
  acceptedSuggestions: [{ id: card }],
  outcomeTimestamp: '2026-11-20T10:05:31Z',
});

const storedAt = async (url: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  const counts = [...text.matchAll(/^cds_feedback_stored_total\{.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
};

describe('kill -9', () => {
  it(
    `loses nothing that was acknowledged, over ${ROUNDS} kills at random moments`,
    async () => {
      running = await spawnService(environment());
      let known = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const { url, end } = running;
        let begun = (): void => undefined;
        const first = new Promise<void>((resolve) => (begun = resolve));
        const senders = Array.from({ length: 4 }, () => sendUntilGone(url, begun));
        await first;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
        expect(await end('SIGKILL')).toBe('SIGKILL');
        const acknowledged = (await Promise.all(senders)).flat();
        expect(acknowledged.length).toBeGreaterThan(0);
        running = await spawnService(environment());
        const found = await storedAt(running.url);
        // Of what was under way each may be there or not.
        expect(found).toBeGreaterThanOrEqual(known + acknowledged.length);
        expect(found).toBeLessThanOrEqual(known + acknowledged.length + senders.length);
        const again = await post(`${running.url}/cds-services/antiresorptive-safety/feedback`, {
          feedback: acknowledged.slice(-100).map(feedbackOn),
        });
        expect(again.status).toBe(200);
        expect(await storedAt(running.url)).toBe(found);
        known = found;
      }
      reportAttack({
        suite: 'Faults',
        kind: 'kill -9 of the service while feedback is sent',
        outcome: 'survived',
        detail: 'nothing lost that was acknowledged',
        times: ROUNDS,
      });
      expect(await running.end('SIGTERM')).toBe(0);
    },
    30_000 + ROUNDS * 10_000,
  );
});

describe('a start that cannot be', () => {
  it('lists all that is wrong at once, and shows no secret', async () => {
    const { code, printed } = await refusedStart({
      NODE_ENV: 'production',
      PORT: '99999',
      FHIR_BUDGET_MS: 'soon',
      BODY_LIMIT: '-1',
      DATABASE_URL: 'mysql://user:PLANTED-SECRET@db/cds',
      FEEDBACK_SECRET: 'PLANTED-SHORT',
      DEFAULT_LANGUAGE: 'de',
      GUIDELINE_EDITION: '2019',
    });
    expect(code).toBe(1);
    for (const variable of [
      'PORT',
      'FHIR_BUDGET_MS',
      'BODY_LIMIT',
      'DATABASE_URL',
      'FEEDBACK_SECRET',
      'DEFAULT_LANGUAGE',
      'GUIDELINE_EDITION',
      'CLIENTS_FILE',
      'PUBLIC_BASE_URL',
    ]) {
      expect(printed).toContain(`  - ${variable}: `);
    }
    expect(printed).not.toMatch(/PLANTED|node_modules|\n\s+at /);
  });

  it('lists all that is wrong with the clients file, with lines', async () => {
    const file = join(folder, 'clients.yaml');
    await writeFile(
      file,
      'clients:\n  - name: A\n    issuer: https://a.example\n    jwks: { url: http://a.example/jwks }\n    fhirServers: [http://a.example/fhir]\n    corsOrigins: [https://a.example/path]\n',
    );
    const { code, printed } = await refusedStart({
      ...environment(),
      NODE_ENV: 'production',
      PUBLIC_BASE_URL: 'https://cds.example.org',
      CLIENTS_FILE: file,
    });
    expect(code).toBe(1);
    expect(printed.match(/ {2}- CLIENTS_FILE line \d/g)).toHaveLength(3);
  });

  it('prints the address that was bound, not the public one', async () => {
    running = await spawnService({ ...environment(), PUBLIC_BASE_URL: 'https://cds.example.org/base' });
    expect(running.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { software } = (await (await fetch(`${running.url}/fhir/metadata`)).json()) as {
      software: unknown;
    };
    expect(software).toBeDefined();
    expect(running.printed()).toContain('"publicBaseUrl":"https://cds.example.org/base"');
  });

  it('is refused for a port that is taken, and for a store that cannot be opened', async () => {
    running = await spawnService(environment());
    const taken = await refusedStart({ ...environment(), PORT: new URL(running.url).port });
    expect([taken.code, taken.printed]).toEqual([1, expect.stringContaining('  - PORT: ')]);
    await writeFile(join(folder, 'no-database'), 'not a database, '.repeat(100));
    const spoilt = await refusedStart({ DATABASE_URL: `file:${folder}/no-database` });
    expect([spoilt.code, spoilt.printed]).toEqual([1, expect.stringContaining('  - DATABASE_URL: ')]);
    expect(spoilt.printed).not.toContain(folder);
  });

  it.each([
    ['DATABASE_URL', { DATABASE_URL: 'file:/proc/planted/cds.sqlite' }],
    ['DATABASE_URL', { DATABASE_URL: 'file:/dev/null/cds.sqlite' }],
    ['DATABASE_URL', { DATABASE_URL: 'postgres://planted:planted@127.0.0.1:1/cds' }],
    ['HOST', { HOST: '203.0.113.5' }],
    ['HOST', { HOST: 'planted.invalid' }],
    ['LOCAL_KNOWLEDGE', { LOCAL_KNOWLEDGE: '/planted' }],
  ])('is refused with one line that names %s, and no stack: %j', async (variable, env) => {
    const { code, printed } = await refusedStart({ ...environment(), ...env });
    expect(code).toBe(1);
    expect(printed.match(/^ {2}- .*$/gm)).toEqual([expect.stringContaining(`  - ${variable}:`)]);
    expect(printed).not.toMatch(/planted|node_modules|\n\s+at /);
  });

  it('names what is wrong with the local knowledge and the clients file at once', async () => {
    const file = join(folder, 'clients.yaml');
    await writeFile(file, 'clients: []');
    const { printed } = await refusedStart({
      ...environment(),
      NODE_ENV: 'production',
      PUBLIC_BASE_URL: 'https://cds.example.org',
      CLIENTS_FILE: file,
      LOCAL_KNOWLEDGE: join(folder, 'nothing'),
    });
    expect(printed).toMatch(/ {2}- LOCAL_KNOWLEDGE:.*\n {2}- CLIENTS_FILE line 1 clients:/);
  });
});
