import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { call, post, patientView } from '../http/running.js';
import { mostConnections } from '../../src/http/connections.js';
import { startBuilt, type BuiltService } from './built-service.js';
import { reportAttack } from './report.js';

jest.setTimeout(90_000);

let service: BuiltService | undefined;
let sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await service?.stop();
});

const open = async (url: string): Promise<Socket> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
};

const answerOf = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.once('close', () => {
      resolve(text);
    });
  });

describe('SIGTERM', () => {
  it('answers the calls that wait in the queue of the kernel, tells them that the connection ends, and ends with 0', async () => {
    service = await startBuilt();
    const { child, url } = service;
    await call(`${url}/healthz`);
    child.kill('SIGSTOP');
    const answers: Promise<string>[] = [];
    for (let index = 0; index < 20; index += 1) {
      const socket = await open(url);
      answers.push(answerOf(socket));
      socket.write('GET /cds-services HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    }
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    child.kill('SIGCONT');
    const texts = await Promise.all(answers);
    expect(texts.filter((text) => text.startsWith('HTTP/1.1 200 '))).toHaveLength(20);
    expect(texts.filter((text) => /^connection: close\r$/im.test(text))).toHaveLength(20);
    expect((await ended)[0]).toBe(0);
    reportAttack({
      suite: 'connections',
      kind: 'SIGTERM with 20 calls queued',
      outcome: 'answered',
      detail: '20 of 20',
    });
  });
});

describe('ulimit -n 1024', () => {
  it('1 500 connections that say nothing keep nobody from being answered, and FHIR servers stay in reach', async () => {
    service = await startBuilt({}, undefined, 'ulimit -n 1024');
    const { url } = service;
    for (let index = 0; index < 15; index += 1)
      await Promise.all(Array.from({ length: 100 }, () => open(url)));
    for (let index = 0; index < 10; index += 1) {
      const answer = await post(
        `${url}/cds-services/bone-metastasis-review`,
        patientView('claire-moreau', { fhirServer: `${url}/sandbox/fhir` }),
      );
      expect(answer.status).toBe(200);
    }
    expect(service.isAlive()).toBe(true);
    reportAttack({
      suite: 'connections',
      kind: '1 500 silent connections, 1 024 files',
      outcome: 'answered',
      detail: '10 of 10',
    });
  });

  it.each([
    ['Max open files            1024                 1024                 files     \n', 716],
    ['Max open files            1048576              1048576              files     \n', 734_003],
    ['', Number.POSITIVE_INFINITY],
  ])('leaves a share of the files to this process: %j', (limits, most) => {
    expect(mostConnections(limits)).toBe(most);
  });
});
