import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The command cannot be understood: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What is needed to work on cannot be read or written: exit code 1, every problem on a line. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** Makes the folder of the output, unless it is there. Throws ReportError. */
export async function makeOutput(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new ReportError([`${folder}: cannot be written to (${code})`]);
  }
}

/** Writes a file of the output, whole or not at all; only its owner may read it. */
export async function writeOutput(folder: string, name: string, text: string): Promise<void> {
  await writeFile(join(folder, `${name}.part`), text, { mode: 0o600 });
  await rename(join(folder, `${name}.part`), join(folder, name));
}
