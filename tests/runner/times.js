// Writes what each test file took, one line of JSON each, to the file that `TEST_TIMES` names.
import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';

/** https://jestjs.io/docs/configuration#custom-reporters */
export default class Times {
  onTestResult(_test, { testFilePath, perfStats, cpuMs = 0 }) {
    const { TEST_TIMES } = process.env;
    if (TEST_TIMES === undefined) return;
    const times = { file: relative('.', testFilePath), wallMs: perfStats.runtime, cpuMs: Math.round(cpuMs) };
    appendFileSync(TEST_TIMES, `${JSON.stringify(times)}\n`);
  }
}
