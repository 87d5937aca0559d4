import { parentPort, workerData } from 'node:worker_threads';
import { openRecords, type Records } from './records.js';
import { asStoreError } from './store-error.js';
import type { Operation, Question, Reply, ThreadStart } from './thread-messages.js';

/**
 * The thread in which a store lives: the embedded database writes without ever giving way, and the thread that answers
 * must not wait for a disk. Started by `recordsInThread` alone, which sends what `thread-messages.ts` says.
 */
const port = parentPort;
if (port === null) throw new Error('this module is a thread of the service');

const reply = (message: Reply): void => {
  port.postMessage(message);
};

const ask = async (records: Records, operation: Operation, args: readonly unknown[]): Promise<unknown> => {
  const value: unknown = await Reflect.apply(records[operation], records, args);
  return value;
};

const { options } = workerData as ThreadStart;
try {
  const records = await openRecords(options);
  port.on('message', ({ id, operation, args }: Question) => {
    ask(records, operation, args).then(
      (value) => {
        reply({ kind: 'value', id, value });
        if (operation === 'close') port.close();
      },
      (error: unknown) => {
        reply({ kind: 'error', id, driverCode: asStoreError(error).driverCode });
      },
    );
  });
  reply({ kind: 'opened' });
} catch (error) {
  reply({ kind: 'failed', driverCode: asStoreError(error).driverCode });
}
