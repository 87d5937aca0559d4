import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { REASONS } from '../../src/data/reasons.js';

const guide = readFileSync('docs/integration.md', 'utf8');

it.each(Object.keys(REASONS).filter((code) => code !== 'unresolved-medication'))(
  'the guide for integrators says what to do about %s',
  (code) => {
    expect(guide).toContain(`\`${code}\``);
  },
);
