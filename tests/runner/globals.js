// `@jest/globals` for the test file that is being read (runner.js says which).
const { describe, it, expect, beforeAll, beforeEach, afterAll, afterEach } =
  globalThis[Symbol.for('globals of the test file')];

const jest = {
  setTimeout: (ms) => {
    globalThis[Symbol.for('TEST_TIMEOUT_SYMBOL')] = ms;
  },
};

export { describe, it, expect, beforeAll, beforeEach, afterAll, afterEach, jest };
