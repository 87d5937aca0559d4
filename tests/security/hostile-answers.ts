import { createServer, type Server, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

/** What a server does with a connection once a request has come over it. */
type Answer = (socket: Socket) => void;

const head = (headers: Readonly<Record<string, string>>, status = '200 OK'): string =>
  `HTTP/1.1 ${status}\r\n${Object.entries({ 'Content-Type': 'application/fhir+json', ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

/** A body of which the end never comes: the connection stays open. */
const unfinished =
  (headers: Readonly<Record<string, string>>, body: Uint8Array | string, status?: string): Answer =>
  (socket) => {
    socket.write(head(headers, status));
    socket.write(body);
  };

/** A body that ends where the connection does. */
const closed =
  (headers: Readonly<Record<string, string>>, body: Uint8Array | string, status?: string): Answer =>
  (socket) => {
    socket.write(head({ Connection: 'close', ...headers }, status));
    socket.end(body);
  };

/** A whole answer of the right length. */
const whole =
  (headers: Readonly<Record<string, string>>, body: Uint8Array | string, status?: string): Answer =>
  (socket) => {
    socket.write(head({ 'Content-Length': String(Buffer.byteLength(body)), ...headers }, status));
    socket.write(body);
  };

const raw =
  (text: Uint8Array | string, end = true): Answer =>
  (socket) => {
    socket.write(text);
    if (end) socket.end();
  };

/** Writes the same again and again, as fast as it is read. */
const endless =
  (start: string, block: string): Answer =>
  (socket) => {
    socket.write(start);
    const pump = (): void => {
      while (!socket.destroyed && socket.write(block));
    };
    socket.on('drain', pump);
    pump();
  };

const dripping =
  (start: string, drop: Uint8Array | string): Answer =>
  (socket) => {
    socket.write(start);
    const timer = setInterval(() => socket.write(drop), 30);
    socket.once('close', () => {
      clearInterval(timer);
    });
  };

const times = (coding: string, count: number): string =>
  Array.from({ length: count }, () => coding).join(', ');
const noise = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919 + 13) % 251));
const json = JSON.stringify({ resourceType: 'Bundle', type: 'searchset', entry: [], keys: [] });
const zipped = gzipSync(Buffer.from(json.padEnd(200_000, ' ')));
const bomb = gzipSync(Buffer.alloc(100_000_000, ' '));
const nested = (depth: number): string => `{"resourceType":"Bundle","keys":${'['.repeat(depth)}`;

/** Every kind of answer by which a FHIR server or a JWKS URL may try to stop, fill or hold whoever asked. */
export const hostileAnswers: Readonly<Record<string, Answer>> = {
  'six gzip codings, body kept open': unfinished({ 'Content-Encoding': times('gzip', 6) }, noise),
  'five gzip codings, body kept open': unfinished({ 'Content-Encoding': times('gzip', 5) }, noise),
  'two gzip codings, body kept open': unfinished({ 'Content-Encoding': 'gzip, gzip' }, noise),
  'a hundred codings': unfinished({ 'Content-Encoding': times('gzip', 100) }, noise),
  'three codings of three kinds': unfinished({ 'Content-Encoding': 'br, deflate, gzip' }, noise),
  'gzip twice, both of them right': whole({ 'Content-Encoding': 'gzip, gzip' }, gzipSync(zipped)),
  'two headers Content-Encoding': unfinished({ 'Content-Encoding': 'gzip\r\nContent-Encoding: gzip' }, noise),
  'gzip cut short on an open connection': unfinished({ 'Content-Encoding': 'gzip' }, zipped.subarray(0, 60)),
  'gzip cut short, connection closed': closed({ 'Content-Encoding': 'gzip' }, zipped.subarray(0, 60)),
  'gzip of which only the first byte comes': unfinished(
    { 'Content-Encoding': 'gzip' },
    zipped.subarray(0, 1),
  ),
  'gzip that is none': unfinished({ 'Content-Encoding': 'gzip' }, noise),
  'gzip that is none, whole': whole({ 'Content-Encoding': 'gzip' }, noise),
  'gzip with a wrong checksum': whole(
    { 'Content-Encoding': 'gzip' },
    Buffer.concat([zipped.subarray(0, -8), Buffer.alloc(8, 1)]),
  ),
  'gzip followed by something else': whole({ 'Content-Encoding': 'gzip' }, Buffer.concat([zipped, noise])),
  'gzip of an empty body': whole({ 'Content-Encoding': 'gzip' }, ''),
  'gzip that unpacks to 100 MB': whole({ 'Content-Encoding': 'gzip' }, bomb),
  'gzip that unpacks to gzip that unpacks to 100 MB': whole(
    { 'Content-Encoding': 'gzip, gzip' },
    gzipSync(bomb),
  ),
  'brotli that is none': unfinished({ 'Content-Encoding': 'br' }, noise),
  'brotli cut short on an open connection': unfinished(
    { 'Content-Encoding': 'br' },
    brotliCompressSync(Buffer.from(json)).subarray(0, 20),
  ),
  'brotli that unpacks to 100 MB': whole(
    { 'Content-Encoding': 'br' },
    brotliCompressSync(Buffer.alloc(100_000_000, ' ')),
  ),
  'deflate that is none': unfinished({ 'Content-Encoding': 'deflate' }, noise),
  'deflate cut short on an open connection': unfinished(
    { 'Content-Encoding': 'deflate' },
    deflateSync(noise).subarray(0, 100),
  ),
  'deflate of one byte': closed({ 'Content-Encoding': 'deflate' }, 'x'),
  'zstd that is none': unfinished({ 'Content-Encoding': 'zstd' }, noise),
  'a coding that nobody knows': whole({ 'Content-Encoding': 'planted' }, json),
  'an empty coding': whole({ 'Content-Encoding': ',' }, json),
  '500 with six gzip codings': unfinished({ 'Content-Encoding': times('gzip', 6) }, noise, '500 Oops'),
  '401 with gzip that is none': unfinished({ 'Content-Encoding': 'gzip' }, noise, '401 No'),
  '429 with gzip that is none, to be tried again': unfinished(
    { 'Content-Encoding': 'gzip', 'Retry-After': '0' },
    noise,
    '429 Wait',
  ),
  'a redirect with gzip that is none': unfinished(
    { 'Content-Encoding': 'gzip', Location: '/fhir/elsewhere' },
    noise,
    '302 Found',
  ),
  'a redirect with five gzip codings': unfinished(
    { 'Content-Encoding': times('gzip', 5), Location: '/fhir/elsewhere' },
    noise,
    '302 Found',
  ),
  'a redirect to a file': whole({ Location: 'file:///etc/passwd' }, '', '302 Found'),
  'a redirect to no URL': whole({ Location: 'http://[' }, '', '302 Found'),
  'a redirect to where it came from': whole({ Location: '' }, '', '307 Again'),
  '204 with a body': unfinished({}, json, '204 None'),
  '304 with gzip that is none': unfinished({ 'Content-Encoding': 'gzip' }, noise, '304 Same'),
  'status 999': whole({}, json, '999 Never'),
  'status 000': whole({}, json, '000 Never'),
  'a status line that is none': raw('PLANTED/9 what\r\n\r\n'),
  'no HTTP at all': raw(noise),
  'the start of TLS': raw(Buffer.from([0x15, 3, 3, 0, 2, 2, 40])),
  'only line ends': endless('', '\r\n'.repeat(1000)),
  '«wait» without end': endless('', 'HTTP/1.1 103 Early Hints\r\n\r\n'),
  '101 and another protocol': raw(
    'HTTP/1.1 101 Switch\r\nUpgrade: planted\r\nConnection: upgrade\r\n\r\n...',
    false,
  ),
  'headers without end': endless('HTTP/1.1 200 OK\r\n', `X-Planted: ${'x'.repeat(2000)}\r\n`),
  'one header of 100 kB': whole({ 'X-Planted': 'x'.repeat(100_000) }, json),
  'a header with a zero in it': whole({ 'X-Planted': 'a\0b' }, json),
  'more than was announced': raw(`${head({ 'Content-Length': '5' })}${json}${json}`, false),
  'less than was announced': closed({ 'Content-Length': '90000' }, json),
  'less than was announced, connection kept open': unfinished({ 'Content-Length': '90000' }, json),
  'two lengths': raw(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\n${json}`),
  'a negative length': raw(`HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n${json}`),
  'a length of 100 MB': unfinished({ 'Content-Length': '104857600' }, json),
  'a chunk of no length': raw(`${head({ 'Transfer-Encoding': 'chunked' })}ZZ\r\n${json}\r\n`, false),
  'a chunk of more than a number holds': raw(
    `${head({ 'Transfer-Encoding': 'chunked' })}FFFFFFFFFFFFFFFFFF\r\n${json}`,
    false,
  ),
  'chunks that stop in the middle': raw(`${head({ 'Transfer-Encoding': 'chunked' })}ff\r\n{`, false),
  'a chunk extension without end': endless(
    head({ 'Transfer-Encoding': 'chunked' }),
    ';planted=1'.repeat(100),
  ),
  'trailers without end': endless(
    `${head({ 'Transfer-Encoding': 'chunked' })}0\r\n`,
    `X-Planted: ${'x'.repeat(2000)}\r\n`,
  ),
  'Transfer-Encoding and Content-Length': raw(
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n`,
    false,
  ),
  'nothing at all': () => undefined,
  'a connection that is reset': (socket) => void socket.resetAndDestroy(),
  'a connection that is reset in the body': (socket) => {
    socket.write(head({ 'Content-Length': '90000' }) + json);
    setTimeout(() => socket.resetAndDestroy(), 20);
  },
  'a connection that is reset in gzip': (socket) => {
    socket.write(head({ 'Content-Encoding': 'gzip' }));
    socket.write(zipped.subarray(0, 60));
    setTimeout(() => socket.resetAndDestroy(), 20);
  },
  'a byte every 30 ms': dripping(head({}), ' '),
  'a byte of gzip every 30 ms': dripping(head({ 'Content-Encoding': 'gzip' }), Buffer.from([31])),
  'a body without end': endless(head({}), ' '.repeat(65_536)),
  'an answer that nobody asked for': (socket) => {
    whole({}, json)(socket);
    setTimeout(() => socket.write(head({ 'Content-Length': '2' }) + '{}'), 20);
  },
  'text that is not UTF-8': whole({}, Buffer.concat([Buffer.from('{"a":"'), noise, Buffer.from('"}')])),
  'JSON 100 000 levels deep': whole({}, nested(100_000) + ']'.repeat(100_000) + '}'),
  'JSON that opens a million brackets and closes none': whole({}, nested(1_000_000)),
  'JSON with the name __proto__': whole(
    {},
    '{"__proto__":{"keys":[]},"constructor":{},"keys":{"length":9e9}}',
  ),
  'numbers that are none': whole(
    {},
    `{"resourceType":"Bundle","total":1e999,"keys":[1e999,${'9'.repeat(90_000)}]}`,
  ),
  'keys that are none': whole(
    {},
    JSON.stringify({ keys: [null, 7, {}, { kty: 'EC', kid: 'k' }, { kty: 'RSA', kid: 'k', n: '', e: '' }] }),
  ),
};

/** A server for one of them. */
export async function hostileServer(answer: Answer): Promise<{ origin: string; close: () => void }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    socket.once('data', () => {
      socket.on('data', () => undefined);
      answer(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
