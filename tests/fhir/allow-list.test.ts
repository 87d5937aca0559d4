import { describe, expect, it } from '@jest/globals';
import { allowFhirServer } from '../../src/fhir/allow-list.js';

const LISTED = ['https://ehr.example.org/fhir', 'https://lab.example.org:8443/r4/', 'https://10.0.0.5/fhir'];
const production = { production: true, allowed: LISTED };
const development = { production: false, allowed: LISTED };

describe('a listed FHIR server', () => {
  it.each([
    ['https://ehr.example.org/fhir', 'https://ehr.example.org/fhir'],
    ['https://ehr.example.org/fhir/', 'https://ehr.example.org/fhir'],
    ['HTTPS://EHR.example.org:443/fhir', 'https://ehr.example.org/fhir'],
    ['https://lab.example.org:8443/r4', 'https://lab.example.org:8443/r4'],
    ['https://10.0.0.5/fhir', 'https://10.0.0.5/fhir'],
  ])('is allowed as %s', (url, base) => {
    expect(allowFhirServer(url, production)).toEqual({ ok: true, base });
    expect(allowFhirServer(url, development)).toEqual({ ok: true, base });
  });

  it('in http is refused in production even so', () => {
    const allowed = ['http://ehr.example.org/fhir'];
    const url = 'http://ehr.example.org/fhir';
    expect(allowFhirServer(url, { production: true, allowed })).toEqual({ ok: false, reason: 'not-https' });
    expect(allowFhirServer(url, { production: false, allowed })).toEqual({ ok: true, base: url });
  });

  it('may be spelt unusually when it is listed in that spelling', () => {
    const url = 'https://hôpital.example.org/fhir';
    expect(allowFhirServer(url, { production: true, allowed: [url] })).toEqual({
      ok: true,
      base: 'https://xn--hpital-ixa.example.org/fhir',
    });
  });
});

describe('a FHIR server that only looks like a listed one', () => {
  it.each([
    ['https://ehr.example.org.evil.com/fhir', 'not-listed'],
    ['https://ehr.example.org/fhirX', 'not-listed'],
    ['https://ehr.example.org/fhir/tenant', 'not-listed'],
    ['https://ehr.example.org/FHIR', 'not-listed'],
    ['https://ehr.example.org/', 'not-listed'],
    ['https://ehr.example.org:8443/fhir', 'not-listed'],
    ['https://ehr.example.org./fhir', 'not-listed'],
    ['https://lab.example.org/r4', 'not-listed'],
    ['https://ehr.example.org@evil.com/fhir', 'userinfo'],
    ['https://user:secret@ehr.example.org/fhir', 'userinfo'],
    ['https://@ehr.example.org/fhir', 'userinfo'],
    ['https://ehr.example.org/fhir?x=1', 'query'],
    ['https://ehr.example.org/fhir?', 'query'],
    ['https://ehr.example.org/fhir#x', 'fragment'],
    ['https://ehr%2eexample.org/fhir', 'spelling'],
    ['https://ehr.example.org/x/../fhir', 'spelling'],
    ['https:ehr.example.org/fhir', 'spelling'],
    ['https:\\\\ehr.example.org\\fhir', 'malformed'],
    [' https://ehr.example.org/fhir', 'malformed'],
    ['https://ehr.exam\tple.org/fhir', 'malformed'],
    ['ehr.example.org/fhir', 'malformed'],
    ['', 'malformed'],
    ['ftp://ehr.example.org/fhir', 'scheme'],
    ['file:///fhir', 'scheme'],
    ['javascript:alert(1)', 'scheme'],
  ])('is refused: %s', (url, reason) => {
    expect(allowFhirServer(url, production)).toEqual({ ok: false, reason });
    expect(allowFhirServer(url, development)).toEqual({ ok: false, reason });
  });
});

describe('an address of the inner network', () => {
  it.each([
    'https://169.254.169.254/',
    'https://10.0.0.6/fhir',
    'https://192.168.1.1/fhir',
    'https://[::ffff:10.0.0.5]/fhir',
    'https://[fe80::1]/fhir',
    'https://[fd00::1]/fhir',
    'https://167772165/fhir',
    'https://0x0a000005/fhir',
    'https://012.0.0.5/fhir',
    'https://10.5/fhir',
    'https://0.0.0.0/fhir',
    'https://2130706433/fhir',
    'https://0x7f.1/fhir',
    'https://127.1/fhir',
    'https://[::ffff:127.0.0.1]/fhir',
    'https://[0:0:0:0:0:0:0:1]/fhir',
    'https://127.0.0.2/fhir',
  ])('is refused unless it is listed in that spelling: %s', (url) => {
    expect(allowFhirServer(url, production).ok).toBe(false);
    expect(allowFhirServer(url, development).ok).toBe(false);
  });

  it.each([
    'http://127.0.0.1:3000/sandbox/fhir',
    'https://127.0.0.1:3000/sandbox/fhir',
    'http://localhost:8080',
    'http://localhost:8080/fhir/',
    'http://[::1]:8080/fhir',
  ])('on loopback is allowed in development only: %s', (url) => {
    expect(allowFhirServer(url, development)).toEqual({ ok: true, base: url.replace(/\/$/, '') });
    expect(allowFhirServer(url, production).ok).toBe(false);
  });

  it('has no other name for loopback', () => {
    for (const url of [
      'http://localhost.evil.com/fhir',
      'http://127.0.0.1.nip.io/',
      'http://localhost./fhir',
    ]) {
      expect(allowFhirServer(url, development)).toEqual({ ok: false, reason: 'not-listed' });
    }
  });
});
