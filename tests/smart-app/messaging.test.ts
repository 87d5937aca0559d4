import { describe, expect, it } from '@jest/globals';
import { readMessaging } from '../../src/smart-app/return-to-chart.js';

describe('what a token response says of messages to the record', () => {
  const token = {
    smart_web_messaging_handle: 'h',
    smart_web_messaging_origin: 'https://ehr.example.org/chart',
  };

  it('is its handle, and the origin alone of where they go', () => {
    expect(readMessaging(token)).toEqual({ handle: 'h', origin: 'https://ehr.example.org' });
  });

  it.each([
    ['nothing', undefined],
    ['no handle', { ...token, smart_web_messaging_handle: undefined }],
    ['no origin', { ...token, smart_web_messaging_origin: undefined }],
    ['every origin', { ...token, smart_web_messaging_origin: '*' }],
    ['no address', { ...token, smart_web_messaging_origin: 'ehr' }],
  ])('is nothing to go by when it names %s', (_what, response) => {
    expect(readMessaging(response)).toBeUndefined();
  });
});
