import { readConfig, type Config } from '../config.js';
import { UsageError } from '../report/output.js';

/**
 * The configuration of a program that shares these variables with the service. No other is read: what a start of the service needs
 * besides may be missing.
 * @throws UsageError that names every variable that cannot be used
 */
export function sharedConfig(
  env: Readonly<Record<string, string | undefined>>,
  variables: readonly string[],
): Config {
  const read = readConfig(Object.fromEntries(variables.map((name) => [name, env[name]])));
  if (read.ok) return read.config;
  throw new UsageError(
    read.problems.map(({ variable, expected }) => `${variable}: expected ${expected}`).join('\n'),
  );
}
