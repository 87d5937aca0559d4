// Runs a test file with Jest, but in Node itself rather than in a context of its own: what does not change — libraries,
// the compiled service, and the knowledge of `tests/shared/` — is read and compiled by a worker once, not once per file.
// A file has its own modules of `tests/` (hooks.js), and leaves the worker's globals and environment as they were.
import { createRequire, register } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { usage } from './usage.js';

register('./hooks.js', import.meta.url);
process.setSourceMapsEnabled(true);

const require = createRequire(import.meta.url);
const circus = join(dirname(require.resolve('jest-circus/package.json')), 'build/jestAdapterInit.js');
let files = 0;

/** Signature: https://jestjs.io/docs/configuration#testrunner-string */
export default async function run(globalConfig, config, environment, runtime, testPath, sendMessageToJest) {
  const before = usage();
  const restore = rememberGlobals();
  // Jest wants a hundred frames of everything that is ever thrown, and engines throw much that is caught.
  Error.stackTraceLimit = 20;
  // Node itself knows where each line was written; Jest knows it only of what Jest has transformed.
  Error.prepareStackTrace = undefined;
  globalThis.console = environment.global.console;
  files += 1;
  const read = (path) => import(`${pathToFileURL(path)}?file=${files}`);
  try {
    const { initialize, runAndTransformResultsToJestFormat } = newCircus();
    await initialize({
      config,
      environment,
      globalConfig,
      localRequire: require,
      parentProcess: process,
      runtime,
      sendMessageToJest,
      setGlobalsForRuntime: (globals) => {
        globalThis[Symbol.for('globals of the test file')] = globals;
      },
      testPath,
    });
    const setupAfterEnvStart = Date.now();
    for (const path of config.setupFilesAfterEnv) await read(path);
    const setupAfterEnvPerfStats = { setupAfterEnvStart, setupAfterEnvEnd: Date.now() };
    await read(testPath);
    const result = await runAndTransformResultsToJestFormat({
      config,
      globalConfig,
      setupAfterEnvPerfStats,
      testPath,
    });
    return { ...result, cpuMs: usage() - before };
  } finally {
    restore();
  }
}

/** Circus keeps the tests of a file in its module and in globals: each file has a new one. */
function newCircus() {
  delete require.cache[circus];
  for (const key of ['EVENT_HANDLERS', 'TEST_TIMEOUT_SYMBOL']) delete globalThis[Symbol.for(key)];
  return require(circus);
}

/** Puts back what a test file may have set: globals (`undici` installs its `fetch`), the environment, the exit code. */
function rememberGlobals() {
  const globals = Object.getOwnPropertyDescriptors(globalThis);
  const { stackTraceLimit, prepareStackTrace } = Error;
  const environment = { ...process.env };
  const { exitCode } = process;
  const folder = process.cwd();
  return () => {
    for (const key of Object.keys(Object.getOwnPropertyDescriptors(globalThis)))
      if (globals[key] === undefined) Reflect.deleteProperty(globalThis, key);
    for (const [key, descriptor] of Object.entries(globals))
      if (descriptor.configurable) Object.defineProperty(globalThis, key, descriptor);
    for (const key of Object.keys(process.env)) if (environment[key] === undefined) delete process.env[key];
    Object.assign(process.env, environment);
    Object.assign(Error, { stackTraceLimit, prepareStackTrace });
    process.exitCode = exitCode;
    process.chdir(folder);
  };
}
