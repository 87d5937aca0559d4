import { describe, expect, it } from '@jest/globals';
import { allowedOrigin, frameAncestors, smartConnections } from '../../src/trust/origins.js';
import { clientOf } from './issuer.js';

const clients = [
  clientOf({
    corsOrigins: ['https://a.example'],
    frameAncestors: ['https://a.example', 'https://*.b.example'],
  }),
  clientOf({ corsOrigins: ['https://b.example:8443'], frameAncestors: ['https://a.example'] }),
];

describe('CORS-4: origins', () => {
  it.each(['https://a.example', 'https://b.example:8443'])('of a client are allowed: %s', (origin) => {
    expect(allowedOrigin(origin, clients)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'null',
    '*',
    'http://a.example',
    'https://a.example/',
    'https://a.example.evil.example',
    'https://evil-a.example',
    'https://b.example',
    'https://A.EXAMPLE',
  ])('of others are not: %s', (origin) => {
    expect(allowedOrigin(origin, clients)).toBe(false);
  });

  it('are none when there are no clients', () => {
    expect(allowedOrigin('https://a.example', [])).toBe(false);
  });
});

describe('connections of the SMART app', () => {
  it('are the origins of FHIR servers and authorization servers, each once', () => {
    const fhirServers = ['https://a.example/fhir', 'https://a.example/other', 'https://b.example:8443/r4'];
    const authorizationServers = ['https://a.example', 'https://login.example'];
    expect(smartConnections([clientOf({ fhirServers }), clientOf({ authorizationServers })])).toEqual([
      'https://a.example',
      'https://b.example:8443',
      'https://login.example',
    ]);
    expect(smartConnections([])).toEqual([]);
  });
});

describe('frame ancestors', () => {
  it('are those of all clients, each once', () => {
    expect(frameAncestors(clients)).toEqual(['https://a.example', 'https://*.b.example']);
    expect(frameAncestors([])).toEqual([]);
  });
});
