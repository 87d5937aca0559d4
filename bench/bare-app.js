// The yardstick: Express 5 that parses the same body and answers a fixed card, nothing else.
import express from 'express';

const card = {
  uuid: '4e0a3a1e-3283-4575-ab82-028d55fe2719',
  summary: 'A fixed card',
  indicator: 'info',
  source: { label: 'bench' },
};
const app = express();
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
