import { describe, expect, it, jest } from '@jest/globals';
import { SignJWT } from 'jose';
import { codesOf, denosumab, orderSign, post } from '../http/running.js';
import { generateSigningKey } from '../trust/issuer.js';
import { startBuilt, type BuiltService } from './built-service.js';
import { hostileAnswers, hostileServer } from './hostile-answers.js';
import { reportAttack } from './report.js';

jest.setTimeout(180_000);

const budgetMs = 500;
const keyFetchMs = 2000;
/** What the machine of the test may add to a deadline while it plays all the attackers too. */
const slackMs = 2500;
const antiresorptive = '/cds-services/antiresorptive-safety';
/** So few that the machine of the test keeps up with all it plays: a queue is not what is tried here. */
const atOnce = { fhir: 12, keys: 25 };
const kinds = Object.keys(hostileAnswers);
const good = await generateSigningKey('ES384', 'good');

interface Attacked {
  readonly kind: string;
  readonly status: number | string;
  readonly ms: number;
}

const clientOf = (issuer: string, jwks: object): object => ({ name: issuer, issuer, jwks });

const tokenOf = async (issuer: string, audience: string): Promise<string> => {
  const now = Math.floor(Date.now() / 1000);
  const token = await new SignJWT({
    iss: issuer,
    aud: audience,
    iat: now,
    exp: now + 60,
    jti: `${Math.random()}`,
  })
    .setProtectedHeader({ alg: 'ES384', typ: 'JWT', kid: 'good' })
    .sign(good.privateKey);
  return `Bearer ${token}`;
};

/** The service with a client for each kind, whose keys and charts lie with a server that answers so. */
async function besieged(): Promise<{
  service: BuiltService;
  /** Attacks with these kinds all at once. */
  fhir: (those: readonly string[]) => Promise<readonly Attacked[]>;
  keys: (those: readonly string[]) => Promise<readonly Attacked[]>;
  other: () => Promise<number>;
  stop: () => Promise<void>;
}> {
  const servers = new Map(
    await Promise.all(
      Object.entries(hostileAnswers).map(
        async ([kind, answer]) => [kind, await hostileServer(answer)] as const,
      ),
    ),
  );
  const originOf = (kind: string): string => servers.get(kind)?.origin ?? '';
  const service = await startBuilt({ FHIR_BUDGET_MS: String(budgetMs), MAX_CONCURRENT_REQUESTS: '64' }, [
    clientOf('https://good.example', { keys: [good.jwk] }),
    ...kinds.map((kind, index) =>
      clientOf(`https://${index}.example`, { url: `${originOf(kind)}/jwks.json` }),
    ),
  ]);
  const endpoint = `${service.url}${antiresorptive}`;
  /** A machine that plays all the attackers too may be told to come again. */
  const attack = async (kind: string, send: () => Promise<{ status: number }>): Promise<Attacked> => {
    for (let attempt = 0; ; attempt += 1) {
      const started = performance.now();
      const status = await send().then(
        (answer) => answer.status,
        () => 'no answer',
      );
      if (status !== 503 || attempt === 5) return { kind, status, ms: performance.now() - started };
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  const body = (fhirServer?: string) =>
    orderSign('planted', [denosumab('planted')], fhirServer === undefined ? {} : { fhirServer });
  return {
    service,
    fhir: (those) =>
      Promise.all(those.map((kind) => attack(kind, () => post(endpoint, body(`${originOf(kind)}/fhir`))))),
    keys: (those) =>
      Promise.all(
        those.map((kind) =>
          attack(kind, async () => {
            const authorization = await tokenOf(`https://${kinds.indexOf(kind)}.example`, endpoint);
            return post(endpoint, body(), { authorization });
          }),
        ),
      ),
    other: async () => {
      const authorization = await tokenOf('https://good.example', endpoint);
      const answer = await post(endpoint, body(), { authorization });
      return answer.status === 412 && codesOf(answer).includes('DATA_UNAVAILABLE') ? 200 : answer.status;
    },
    stop: async () => {
      await service.stop();
      for (const { close } of servers.values()) close();
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 600));

interface Siege {
  /** One kind that ended the process, where one did. */
  readonly deadly?: string;
  readonly attacked: readonly Attacked[];
}

/** Attacks with these kinds; where that ends the process, halves are tried until it is known which one does. */
async function attackWith(by: 'fhir' | 'keys', those: readonly string[]): Promise<Siege> {
  const siege = await besieged();
  const others = new Set<unknown>();
  let alive: boolean;
  const attacked: Attacked[] = [];
  try {
    for (let index = 0; index < those.length && siege.service.isAlive(); index += atOnce[by]) {
      const [wave, status] = await Promise.all([
        siege[by](those.slice(index, index + atOnce[by])),
        siege.other().catch(() => 'no answer'),
      ]);
      attacked.push(...wave);
      others.add(status);
    }
    await settled();
    alive = siege.service.isAlive();
    if (alive) expect(others).toEqual(new Set([200]));
  } finally {
    await siege.stop();
  }
  if (alive) return { attacked };
  if (those.length === 1) return { deadly: those[0] ?? '', attacked };
  const half = those.length >> 1;
  const first = await attackWith(by, those.slice(0, half));
  return first.deadly === undefined ? attackWith(by, those.slice(half)) : first;
}

describe('no answer ends the process, holds its caller past the deadline, or stops another hospital', () => {
  it.each([
    ['a FHIR server', 'fhir', new Set<unknown>([200, 412]), budgetMs],
    ['a JWKS URL', 'keys', new Set<unknown>([401]), keyFetchMs],
  ] as const)(`of %s (${kinds.length} kinds)`, async (from, by, expected, deadlineMs) => {
    const result = await attackWith(by, kinds);
    expect(result.deadly).toBeUndefined();
    expect(result.attacked.filter(({ status }) => !expected.has(status))).toEqual([]);
    expect(result.attacked.filter(({ ms }) => ms > deadlineMs + slackMs)).toEqual([]);
    for (const { kind, status, ms } of result.attacked) {
      reportAttack({
        suite: `answers of ${from}`,
        kind,
        outcome: 'survived',
        detail: `status ${status} after ${Math.round(ms)} ms, Node ${process.versions.node}`,
      });
    }
  });
});
