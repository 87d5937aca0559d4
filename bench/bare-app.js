// The yardstick: Express 5 that parses the same body and answers a fixed card, nothing else. With `BARE_KEYS` (a JWK Set) and
// `BARE_AUDIENCE` it verifies the token of each call first, as whoever takes calls of an EHR must.
import express from 'express';
import { createLocalJWKSet, jwtVerify } from 'jose';

const card = {
  uuid: '4e0a3a1e-3283-4575-ab82-028d55fe2719',
  summary: 'A fixed card',
  indicator: 'info',
  source: { label: 'bench' },
};
const app = express();
if (process.env.BARE_KEYS !== undefined) {
  const keys = createLocalJWKSet(JSON.parse(process.env.BARE_KEYS));
  app.use((request, response, next) => {
    const [, token = ''] = (request.headers.authorization ?? '').split(' ');
    jwtVerify(token, keys, { audience: process.env.BARE_AUDIENCE }).then(
      () => next(),
      () => response.status(401).end(),
    );
  });
}
app.use(express.json({ limit: '10mb' }));
app.post('/', (_request, response) => {
  response.json({ cards: [card] });
});
const server = app.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  const address = server.address();
  console.log(
    `listening on http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : ''}`,
  );
});
process.once('SIGTERM', () => process.exit(0));
