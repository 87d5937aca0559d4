import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { program } from '../built.js';
import { call, cardAbout, denosumab, orderSign, post } from '../http/running.js';

/** A language that nobody speaks, in invented words; what it leaves out is said in English. */
const files: Readonly<Record<string, string>> = {
  'language.yaml': 'code: xx\nname: Xanxa\nlocale: de-DE\ncapitalNouns: true\n',
  'artifacts/rules.yaml': `dental-assessment-before-antiresorptive:
  title: Dentorum ante osteostopu
  card.summary: '{order} — {dentalAssessmentEver, select, dated {ultimo dentorum {dentalAssessmentLast}} other {{entries, select, unread {dentorum obskuru} other {nilo dentorum}}}}'
  card.suggestions.order-assessment.label: ''
`,
  'artifacts/services.yaml': 'antiresorptive-safety: { title: Garda osteostopu }\n',
  'artifacts/phrases.yaml': "evidence-heading: '**Ex libro**'\n",
  'artifacts/override-reasons.yaml': 'urgent-treatment: Kura urgu\n',
  'artifacts/value-sets.yaml':
    'denosumab: { title: Denosumabu }\ndenosumab-strength-unknown: { title: Denosumabu }\n',
  'artifacts/scores.yaml': 'sins: { items.sins-pain.answers.mechanical.display: Dolu mekanu }\n',
};

let folder = '';
let child: ChildProcess;
let url = '';
let printed = '';

/** The product as it is, in a folder of its own, with the files of one more language. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invented-'));
  for (const part of ['src', 'cds-services', 'fixtures', 'package.json', 'tsconfig.json'])
    await cp(part, join(folder, part), { recursive: true });
  await cp('dist', join(folder, 'dist'), {
    recursive: true,
    filter: (path) => !path.endsWith('checked-knowledge'),
  });
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, 'cds-services/languages/xx', name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
  }
  child = spawn(process.execPath, program('main'), {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      DATABASE_URL: 'file:./cds.sqlite',
      DEFAULT_LANGUAGE: 'xx',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  while (!/listening on \S+\n/.test(printed)) {
    if (child.exitCode !== null) throw new Error(printed);
    await new Promise((wait) => setTimeout(wait, 20));
  }
  url = /listening on (\S+)/.exec(printed)?.[1] ?? '';
}, 120_000);

afterAll(async () => {
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  await ended;
  await rm(folder, { recursive: true });
});

const inLanguage = (code: string) => ({ 'accept-language': code });

const sign = (headers: Readonly<Record<string, string>>) =>
  post(
    `${url}/cds-services/antiresorptive-safety`,
    orderSign('john-whitfield', [denosumab('john-whitfield')], { fhirServer: `${url}/sandbox/fhir` }),
    headers,
  );

describe('a language that is added as files', () => {
  it('is the default of who asks for none, and the answer to who asks for it', async () => {
    for (const headers of [{}, inLanguage('xx'), inLanguage('xx-YY, fr;q=0.5'), inLanguage('zz')]) {
      const answer = await sign(headers);
      expect(answer.headers.get('content-language')).toBe('xx');
    }
    expect((await sign(inLanguage('fr'))).headers.get('content-language')).toBe('fr');
  });

  it('words the cards, and leaves what it lacks in English', async () => {
    const answer = await sign(inLanguage('xx'));
    expect(answer.status).toBe(200);
    const card = cardAbout(answer, 'T-18');
    expect(card?.summary).toBe('Denosumabu — nilo dentorum');
    expect(card?.detail).toContain('Before an antiresorptive, and unless treatment is urgent');
    expect(card?.suggestions?.[0]).toMatchObject({
      label: 'Order a dental assessment with a panoramic radiograph',
    });
    expect(card?.overrideReasons.find(({ code }) => code === 'urgent-treatment')).toMatchObject({
      display: 'Kura urgu',
    });
    expect(cardAbout(await sign(inLanguage('fr')), 'T-18')?.summary).toContain('pas de bilan bucco-dentaire');
  });

  it('words discovery', async () => {
    const { body } = await call(`${url}/cds-services`, { headers: inLanguage('xx') });
    expect(body).toMatchObject({
      services: expect.arrayContaining([
        expect.objectContaining({ id: 'antiresorptive-safety', title: 'Garda osteostopu' }),
        expect.objectContaining({ id: 'radiotherapy', title: expect.stringContaining('adiotherapy') }),
      ]),
    });
  });

  it('is published beside English and French', async () => {
    const { body } = await call(`${url}/fhir/ValueSet/denosumab`, { headers: inLanguage('xx') });
    const { language, title, _title } = body as {
      readonly language: string;
      readonly title: string;
      readonly _title: object;
    };
    expect([language, title]).toEqual(['xx', 'Denosumabu']);
    expect(translations(_title)).toEqual({ en: 'Denosumab', fr: 'Dénosumab' });

    const french = (await call(`${url}/fhir/ValueSet/denosumab`, { headers: inLanguage('fr') })).body;
    expect(french).toMatchObject({ language: 'fr', title: 'Dénosumab' });
    expect(translations((french as { readonly _title: object })._title)).toEqual({
      en: 'Denosumab',
      xx: 'Denosumabu',
    });

    const scores = (await call(`${url}/fhir/CodeSystem/score`, { headers: inLanguage('en') })).body;
    expect(scores).toMatchObject({
      concept: expect.arrayContaining([
        expect.objectContaining({
          code: 'sins-pain-mechanical',
          designation: expect.arrayContaining([{ language: 'xx', value: 'Dolu mekanu' }]),
        }),
      ]),
    });
    const plan = await call(`${url}/fhir/PlanDefinition/dental-assessment-before-antiresorptive`);
    expect(plan.body).toMatchObject({ language: 'xx', title: 'Dentorum ante osteostopu' });
  });

  it('is a language of the pages of the guideline', async () => {
    const page = await fetch(`${url}/guideline/dental-assessment-before-antiresorptive?lang=xx`);
    const text = await page.text();
    expect(page.status).toBe(200);
    expect(text).toContain('<html lang="xx">');
    expect(text).toContain('<h1>Dentorum ante osteostopu</h1>');
    expect(text).toContain('nilo dentorum');
    const english = await (await fetch(`${url}/guideline?lang=en`)).text();
    expect(english).toMatch(/hreflang="xx"\s+rel="alternate"\s*>Xanxa</);
    expect((await fetch(`${url}/guideline?lang=zz`)).status).toBe(400);
  });

  it('can be asked for in «What would it say for …»', async () => {
    const question = {
      service: 'antiresorptive-safety',
      chart: ['vertebralMetastasisT10T11'],
      drafts: ['denosumabDraft'],
    };
    const said = await post(`${url}/guideline/try`, { ...question, language: 'xx' });
    expect(JSON.stringify(said.body)).toContain('nilo dentorum');
    const refused = await post(`${url}/guideline/try`, { ...question, language: 'zz' });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('must be one of en, fr, xx');
  });
});

function translations(element: object): Readonly<Record<string, string>> {
  const { extension = [] } = element as {
    readonly extension?: readonly {
      readonly extension: readonly { readonly valueCode?: string; readonly valueString?: string }[];
    }[];
  };
  return Object.fromEntries(
    extension.map(({ extension: [lang, content] }) => [lang?.valueCode ?? '', content?.valueString ?? '']),
  );
}
