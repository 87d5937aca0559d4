// `npm test`: the projects of jest.config.js in two runs. What measures time or processor time runs after the rest, so that
// no other test is measured with it; most of it waits. With arguments it is plain Jest.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'tests-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const { TEST_COUNTS, TEST_TIMES = join(folder, 'times.ndjson') } = process.env;

const jest = (args) => {
  const { status } = spawnSync(process.execPath, ['node_modules/jest/bin/jest.js', ...args], {
    stdio: 'inherit',
    env: { ...process.env, TEST_TIMES, NODE_OPTIONS: '--no-warnings' },
  });
  return status ?? 1;
};

/** Of a run of many files: which of them to look at first. */
function slowest() {
  const lines = existsSync(TEST_TIMES) ? readFileSync(TEST_TIMES, 'utf8').trim().split('\n') : [];
  if (lines.length <= 10) return [];
  const seconds = (ms) => (ms / 1000).toFixed(1);
  return lines
    .map((line) => JSON.parse(line))
    .sort((a, b) => b.wallMs - a.wallMs)
    .slice(0, 10)
    .map(({ file, wallMs, cpuMs }) => `${seconds(wallMs)} s (processor ${seconds(cpuMs)} s): ${file}`);
}

const given = process.argv.slice(2);
if (given.length > 0) {
  const status = jest(given);
  const lines = slowest();
  if (lines.length > 0) console.log(lines.join('\n'));
  process.exit(status);
}

const runs = [
  ['--selectProjects', 'browser', 'hostile', 'processes', 'knowledge', 'fast'],
  ['--selectProjects', 'timed'],
].map((args, index) => {
  const report = join(folder, `${index}.json`);
  const status = jest([...args, '--json', `--outputFile=${report}`]);
  // A run that was ended from outside wrote no report; its status says so.
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { testResults: [] };
  return { status, ...counts };
});

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
console.log([...slowest(), lines].join('\n'));
if (TEST_COUNTS !== undefined) writeFileSync(TEST_COUNTS, `${lines}\n`);
process.exit(Math.max(...runs.map(({ status }) => status)));
