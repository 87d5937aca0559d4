import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startService, type TestService } from './running.js';

let service: TestService;
beforeAll(async () => {
  service = await startService({}, { sandbox: false });
});
afterAll(() => service.stop());

/** All that the service sends to what was written on one connection, until it closes it. */
const answerTo = (...written: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    let received = '';
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1', () => {
      socket.write(written.join(''));
    });
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(received);
    });
  });

const head = 'GET /healthz HTTP/1.1\r\nHost: x\r\n';

describe('a request that no route sees', () => {
  it.each([
    ['that is no HTTP', 'hello\r\n\r\n', 400],
    ['with headers that are too large', `${head}X-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['with two lengths', `${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`, 400],
    ['with an unknown Expect', `${head}Connection: close\r\nExpect: something\r\n\r\n`, 417],
  ])('%s is told what is wrong as JSON', async (_, written, status) => {
    const answer = await answerTo(written);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/content-type: application\/json/i);
    const body = answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1);
    expect(JSON.parse(body)).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ details: { coding: [{ code: 'REQUEST_INVALID' }] } }],
    });
  });

  it('breaks no answer that was given before on the same connection', async () => {
    const answer = await answerTo(`${head}\r\n`, 'hello\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 (?:200|400) /);
    expect(answer.match(/"status":"ok"/g)?.length ?? 0).toBeLessThan(2);
  });
});
