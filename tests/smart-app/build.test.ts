import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { builtApp } from './built-app.js';

let folder = '';
let files: readonly string[] = [];

beforeAll(async () => {
  folder = await builtApp();
  files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const textOf = (end: string): readonly string[] =>
  files.filter((file) => file.endsWith(end)).map((file) => readFileSync(file, 'utf8'));

describe('the built app', () => {
  it('has less than 120 kB of compressed JavaScript', () => {
    const sizes = files
      .filter((file) => file.endsWith('.js'))
      .map((file) => gzipSync(readFileSync(file)).length);
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(120_000);
  });

  it('has a page for the launch and one for what follows, in both languages', () => {
    expect(files.map((file) => file.slice(folder.length))).toEqual(
      expect.arrayContaining(['/index.html', '/index.fr.html', '/launch.html', '/launch.fr.html']),
    );
  });

  it("runs under script-src 'self': no inline script, no handler, no address of another host", () => {
    const pages = textOf('.html');
    expect(pages).toHaveLength(4);
    for (const page of pages) {
      expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
      expect(page).not.toMatch(/\son\w+=/);
      expect(page).not.toMatch(/(?:src|href)="(?!\/smart\/)/);
    }
    for (const style of textOf('.css')) expect(style).not.toMatch(/url\(|@import/);
  });
});
