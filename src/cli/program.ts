import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Runs `main` with the arguments of the command line when `module` (`import.meta.url`) is the script that was started,
 * not when a test imports it. What it throws is told on one line, without a stack; the process then ends with 2.
 */
export async function runAsProgram(
  module: string,
  main: (args: readonly string[]) => Promise<void>,
): Promise<void> {
  const [, script, ...args] = process.argv;
  if (script === undefined || module !== pathToFileURL(script).href) return;
  try {
    await main(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}

/** Writes a file, and the folders that it is in. */
export async function writeBelow(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
