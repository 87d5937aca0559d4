import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export const key = 'a key of sixteen letters and more';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** The compiled program with these arguments, as a process of its own; it compiles what is not compiled yet. */
export function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, ['src/cli/run-built.js', 'replay', ...args], {
    env: { PATH: process.env['PATH'] ?? '', FEEDBACK_SECRET: key, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  return { child, ended: once(child, 'close').then(() => ({ code: child.exitCode, ...said })) };
}

export const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  start(args, env).ended;

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'replay-test-'));

/** A folder with these files; what ends with `.gz` is packed, a list is one JSON a line. */
export function exportOf(files: Readonly<Record<string, string | readonly unknown[]>>): string {
  const folder = newFolder();
  for (const [name, content] of Object.entries(files)) {
    const text =
      typeof content === 'string' ? content : content.map((each) => `${JSON.stringify(each)}\n`).join('');
    writeFileSync(join(folder, name), name.endsWith('.gz') ? gzipSync(text) : text);
  }
  return folder;
}

const subject = (patient: string) => ({ reference: `Patient/${patient}` });

export const patient = (id: string, extra: object = {}) => ({
  resourceType: 'Patient',
  id,
  name: [{ family: 'Quillfeather', given: ['Ottoline'] }],
  ...extra,
});

export const boneMetastasis = (id: string, of: string, extra: object = {}) => ({
  resourceType: 'Condition',
  id,
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: { coding: [{ system: 'http://snomed.info/sct', code: '94222008' }] },
  subject: subject(of),
  recordedDate: '2025-01-10',
  ...extra,
});

export const denosumab = (id: string, of: string, extra: object = {}) => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'M05BX04' }] },
  subject: subject(of),
  authoredOn: '2025-02-01T10:00:00+01:00',
  ...extra,
});

export const visit = (id: string, of: string, start: string) => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { code: 'AMB' },
  subject: subject(of),
  period: { start },
});
