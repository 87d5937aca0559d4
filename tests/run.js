// `npm test`: the projects of jest.config.js in two runs. What measures time or processor time of processes of its own runs
// after the rest and one file after another, so that no other test is measured with it. With arguments it is plain Jest.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const jest = (args) => {
  const { status } = spawnSync(process.execPath, ['node_modules/jest/bin/jest.js', ...args], {
    stdio: 'inherit',
    env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
  });
  return status ?? 1;
};

const given = process.argv.slice(2);
if (given.length > 0) process.exit(jest(given));

const folder = mkdtempSync(join(tmpdir(), 'tests-'));
const runs = [
  ['--selectProjects', 'fast', 'browser', 'hostile', 'knowledge'],
  ['--selectProjects', 'processes', '--runInBand'],
].map((args, index) => {
  const report = join(folder, `${index}.json`);
  const status = jest([...args, '--json', `--outputFile=${report}`]);
  // A run that was ended from outside wrote no report; its status says so.
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { testResults: [] };
  return { status, ...counts };
});
rmSync(folder, { recursive: true, force: true });

const sum = (name) => runs.reduce((total, run) => total + (run[name] ?? 0), 0);
const failed = runs
  .flatMap(({ testResults }) => testResults)
  .flatMap(({ name, status, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed').map((test) => test.fullName);
    const told = status === 'failed' && tests.length === 0 ? ['did not run'] : tests;
    return told.map((test) => `failed: ${relative('.', name)} › ${test}`);
  });
const lines = [
  ...failed,
  `${sum('numPassedTests')} passed, ${sum('numFailedTests')} failed, ${sum('numPendingTests')} skipped`,
].join('\n');
console.log(lines);
const { TEST_COUNTS } = process.env;
if (TEST_COUNTS !== undefined) writeFileSync(TEST_COUNTS, `${lines}\n`);
process.exit(Math.max(...runs.map(({ status }) => status)));
