import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

// The guideline is data: what the service says, of which disease, stands in `cds-services/`. Here it is looked for in code and strings;
// comments may use an example.

/** Where the disease may be named in code, and why. */
const places: Readonly<Record<string, string>> = {
  'src/chart/lesions.ts': 'the lesion model',
  'src/chart/sites.ts': 'the lesion model: vertebrae are beside each other',
  'src/ui/body/': 'the picture of the body',
  'src/sandbox/demo.ts': 'the demo patients, who have this disease',
  'src/population/': 'the made-up population, which has this disease',
};

/** Words of the disease, as they stand in names (`boneMetastases`), ids and sentences of both languages. */
const words =
  /^(?:bones?|osseu\w*|metasta\w*|métasta\w*|spine|spinal|rachis\w*|vertebra\w*|vertèbr\w*|sins|mirels|tokuhashi|tomita|rades|frankel|denosumab|dénosumab|zoledron\w*|zolédron\w*|radiotherap\w*|radiothérap\w*)$/;

/** `boneMetastases` and `bone-metastases` hold two words. */
const wordsOf = (text: string): readonly string[] =>
  text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}]+/u)
    .map((word) => word.toLowerCase());

const namesIn = (folder: string): readonly string[] =>
  filesIn(`cds-services/${folder}`).map((file) => basename(file).replace(/\.(?:yaml|json)$/, ''));

/** Ids of the artifacts; where one is a common word (`inr`), only a string that is nothing else counts. */
const ids: ReadonlySet<string> = new Set([
  ...['services', 'rules', 'scores', 'value-sets'].flatMap(namesIn),
  ...[...readFileSync('cds-services/recommendations.yaml', 'utf8').matchAll(/^([A-Z]-\d+):/gm)].map(
    ([, id = '']) => id,
  ),
]);

const namesArtifact = (text: string): boolean =>
  ids.has(text) || [...text.matchAll(/[\w-]+/g)].some(([token]) => token.includes('-') && ids.has(token));

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

const isPlace = (file: string): boolean => Object.keys(places).some((place) => file.startsWith(place));

/** The texts of a source, and of each whether it is a string: names, strings, parts of templates, text of pages. */
function* tokensOf(file: string): Generator<{ readonly text: string; readonly isString: boolean }> {
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, false, kind);
  const pending: ts.Node[] = [source];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (ts.isIdentifier(node)) yield { text: node.text, isString: false };
    else if (ts.isLiteralExpression(node) || ts.isTemplateLiteralToken(node) || ts.isJsxText(node))
      yield { text: node.text, isString: true };
    ts.forEachChild(node, (child) => void pending.push(child));
  }
}

/** What of the guideline a source holds. */
function foundIn(file: string): readonly string[] {
  const texts = /\.tsx?$/.test(file)
    ? [...tokensOf(file)]
    : // Styles and pages, without their comments.
      [{ text: readFileSync(file, 'utf8').replace(/\/\*.*?\*\/|<!--.*?-->/gs, ''), isString: false }];
  return texts.flatMap(({ text, isString }) => {
    const word = wordsOf(text).find((each) => words.test(each));
    const found = word ?? (isString && namesArtifact(text) ? text : undefined);
    return found === undefined ? [] : [`${file}: ${found}`];
  });
}

const sources = filesIn('src').filter((file) => /\.(?:tsx?|js|json|html|css)$/.test(file));

describe('the guideline', () => {
  it('is named in no code and no string of src/', () => {
    expect([sources.length > 200, ids.size > 500]).toEqual([true, true]);
    expect([...new Set(sources.filter((file) => !isPlace(file)).flatMap(foundIn))]).toEqual([]);
  });

  it('is found where it stands: each place that may name it does', () => {
    const naming = sources.filter((file) => foundIn(file).length > 0);
    const idle = Object.keys(places).filter((place) => !naming.some((file) => file.startsWith(place)));
    expect(idle).toEqual([]);
  });

  it('has one lesion model and one picture, whose first lines say so', () => {
    const head = (file: string): string => readFileSync(join('src', file), 'utf8').slice(0, 1500);
    expect(head('chart/lesions.ts')).toContain('The lesion model');
    for (const part of ['chart/lesion-sites.ts', 'chart/sites.ts'])
      expect(head(part)).toContain('Part of the lesion model');
    expect(head('ui/body/body-picture.tsx')).toContain('The picture of the body');
  });
});
