import { afterEach, describe, expect, it } from '@jest/globals';
import { codesOf, type JsonAnswer } from '../http/running.js';
import { bearer, generateSigningKey } from '../trust/issuer.js';
import { es384, PUBLIC, startProduction, tokenFor, writtenClient, type Production } from './production.js';

const path = '/cds-services';
/** Signs in the name of the hospital and of its key, with another key: only a signature check can tell. */
const thief = await generateSigningKey('ES384', es384.kid);
const forged = (): Promise<string> => bearer(thief, { aud: `${PUBLIC}${path}`, tenant: 'north' });

let hospital: Production | undefined;
afterEach(() => hospital?.stop());

const started = async (env: Readonly<Record<string, string>>): Promise<Production> =>
  (hospital = await startProduction([writtenClient()], env));
const send = async (
  { send: sent }: Production,
  authorization: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> => sent('GET', path, { headers: { authorization, ...headers } });
const statuses = (answers: readonly JsonAnswer[]): readonly number[] => answers.map(({ status }) => status);
const checked = ({ service }: Production): number =>
  service.logged().filter(({ msg }) => msg === 'caller refused').length;

describe('calls from one address whose token does not hold', () => {
  it('get the same 401 up to the limit, then 429, and no signature is checked any more', async () => {
    const running = await started({ FAILURE_LIMIT: '5' });
    const answers: JsonAnswer[] = [];
    for (let index = 0; index < 8; index += 1) answers.push(await send(running, await forged()));
    expect(statuses(answers)).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    const visible = ({ headers, text }: JsonAnswer): unknown => [
      text,
      [...headers].filter(([name]) => name !== 'date'),
    ];
    for (const answer of answers.slice(1, 5)) expect(visible(answer)).toEqual(visible(answers[0] ?? answer));
    const refused = answers[5];
    if (refused === undefined) throw new Error('no answer');
    expect(codesOf(refused)).toEqual(['RATE_LIMITED']);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(checked(running)).toBe(5);
    const told = running.service
      .logged()
      .filter(({ msg }) => msg === 'too many refused calls from one address');
    expect(told).toHaveLength(1);
    // A good token cannot be told from a bad one without the check that is not made any more.
    expect((await send(running, await tokenFor(path))).status).toBe(429);
  });

  it('that come all at once do not slip by', async () => {
    const running = await started({ FAILURE_LIMIT: '5' });
    const tokens = await Promise.all(Array.from({ length: 40 }, forged));
    const answers = await Promise.all(tokens.map((token) => send(running, token)));
    expect(statuses(answers).filter((status) => status === 401)).toHaveLength(5);
    expect(statuses(answers).filter((status) => status === 429)).toHaveLength(35);
    expect(checked(running)).toBe(5);
  });

  it('count alone: calls that hold are not limited by them', async () => {
    const running = await started({ FAILURE_LIMIT: '5' });
    for (let index = 0; index < 20; index += 1) {
      expect((await send(running, await tokenFor(path))).status).toBe(200);
    }
    for (let index = 0; index < 5; index += 1) expect((await send(running, await forged())).status).toBe(401);
    expect((await send(running, await forged())).status).toBe(429);
  });

  it('do not keep another address from being answered', async () => {
    const running = await started({ FAILURE_LIMIT: '2', TRUST_PROXY: '1' });
    const from = (address: string) => ({ 'x-forwarded-for': address });
    for (const status of [401, 401, 429]) {
      expect((await send(running, await forged(), from('192.0.2.1'))).status).toBe(status);
    }
    expect((await send(running, await tokenFor(path), from('192.0.2.2'))).status).toBe(200);
  });

  it.each([
    ['by an address that it makes up', {}, (index: number) => `192.0.2.${index}`],
    ['by another address of its IPv6 network', { TRUST_PROXY: '1' }, (index: number) => `2001:db8::${index}`],
  ])('cannot get around the limit %s', async (_how, env, address) => {
    const running = await started({ FAILURE_LIMIT: '2', ...env });
    const answers: JsonAnswer[] = [];
    for (let index = 1; index <= 3; index += 1) {
      answers.push(await send(running, await forged(), { 'x-forwarded-for': address(index) }));
    }
    expect(statuses(answers)).toEqual([401, 401, 429]);
  });

  it('are not limited where the operator wants no limit', async () => {
    const running = await started({ FAILURE_LIMIT: '0' });
    const answers = await Promise.all(Array.from({ length: 30 }, async () => send(running, await forged())));
    expect(new Set(statuses(answers))).toEqual(new Set([401]));
  });
});
