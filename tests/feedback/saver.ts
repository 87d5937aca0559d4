import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { openStoreInThread } from '../../src/feedback/store.js';
import { feedback } from '../../src/http/feedback.js';

/** The feedback endpoint alone, in a process that starts quickly and is made to be killed. Prints its port. */
const [url = '', service = ''] = process.argv.slice(2);
const store = await openStoreInThread({ url, clock: () => new Date() });
const deployment = {
  prepared: {
    services: new Map([[service, { definition: { id: service, hooks: [] } }]]),
    knowledge: { overrideReasons: new Map(), canonicalBase: 'https://x', shippedBase: 'https://x' },
  },
  audit: { about: () => undefined },
  store,
  log: pino({ level: 'silent' }),
} as never;
const app = express().post(
  '/cds-services/:id/feedback',
  express.json({ limit: 100_000 }),
  feedback(deployment),
);
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
