// Not in package.json: the projects share their settings. Several files run at once, one to each core.
import { availableParallelism } from 'node:os';

const settings = {
  testRunner: '<rootDir>/tests/runner/runner.js',
  setupFilesAfterEnv: ['<rootDir>/tests/quiet.ts'],
  // Node reads the modules (tests/runner/hooks.js), not Jest.
  transform: {},
};

// What starts processes or a browser, builds pages, plays thousands of hostile values, or checks and plays the whole
// knowledge, and what measures time, memory or processor time of its own. All the rest is `fast`.
const slow = {
  browser: ['browser'],
  processes: [
    'deploy',
    'faults/(process|store|workers)',
    'security/(connections|table)',
    'feedback/kill',
    'cli/audit',
    'cli/report',
    'privacy',
    'smart-app/build',
    'replay/program',
    'replay/queue',
  ],
  timed: [
    'faults/(anonymous|connections|fair-share|fhir-server|frozen-store)',
    'http/in-turns',
    'security/(costly-requests|hostile-answers)',
  ],
  hostile: ['fuzz'],
  knowledge: [
    'cli/(read-cards|screens)',
    'engine/(asked-for|ordinary|plan)',
    'knowledge',
    'publish/questionnaires',
    'scores/tables',
  ],
};

const filesOf = (places) => places.map((place) => `/tests/${place}(/.+)?\\.test\\.ts$`);

export default {
  maxWorkers: availableParallelism(),
  // A worker that has grown is replaced: what each file loads stays in memory until then.
  workerIdleMemoryLimit: '1500MB',
  testTimeout: 60_000,
  testSequencer: '<rootDir>/tests/runner/sequencer.js',
  reporters: ['default', '<rootDir>/tests/runner/times.js'],
  projects: [
    {
      ...settings,
      displayName: 'fast',
      testMatch: ['<rootDir>/tests/**/*.test.ts'],
      testPathIgnorePatterns: filesOf(Object.values(slow).flat()),
    },
    ...Object.entries(slow).map(([displayName, places]) => ({
      ...settings,
      displayName,
      testRegex: filesOf(places),
    })),
  ],
};
