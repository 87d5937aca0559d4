import type { BuildResult } from '../../src/knowledge/build-knowledge.js';
import type { ArtifactFile } from '../../src/knowledge/read/artifact-file.js';
import { readArtifacts, shippedArtifacts } from '../../src/knowledge/read/read-artifacts.js';
import { buildSound } from '../knowledge/sound-artifacts.js';

/** A further language: a few words of each page, as somebody begins a translation. */
export const invented: readonly ArtifactFile[] = [
  { path: 'languages/xx/language.yaml', text: 'code: xx\nname: Xanxa\nlocale: de-DE\n' },
  {
    path: 'languages/xx/guideline.yaml',
    text: [
      'site.title: Ossalanga',
      'index.title: Xommanda',
      "index.found: '{count, plural, one {{count} xomma} other {{count} xommas}}'",
      "index.lead: '{rules} xuls, {recommendations} xommanda'",
      '',
    ].join('\n'),
  },
  {
    path: 'languages/xx/app.yaml',
    text: 'app.title: Xorros\napp.loading: Xarta lexa…\nnav.overview: Xa tota\n',
  },
  { path: 'languages/xx/sandbox.yaml', text: 'title: Xandbox\nwhat: Xa xe?\npatients: Xatienta\n' },
  { path: 'languages/xx/report.yaml', text: 'title: Xaporta\ncalls: Xalla\n' },
];

/** A small folder with the shipped words of pages, and these files beside or in the place of them. */
export async function spokenWith(...files: readonly ArtifactFile[]): Promise<BuildResult> {
  const shipped = (await readArtifacts(shippedArtifacts)).filter(({ path }) => path.startsWith('languages/'));
  const replaced = new Set(files.map(({ path }) => path));
  return buildSound([...shipped.filter(({ path }) => !replaced.has(path)), ...files]);
}
