import { describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadKnowledge } from '../../src/knowledge/load-knowledge.js';
import { buildSound, messages } from './sound-artifacts.js';
import type { ArtifactFile } from '../../src/knowledge/read/artifact-file.js';

const build = (...overlay: readonly ArtifactFile[]) => buildSound([], { overlay });

const valueSet = (url: string): ArtifactFile => ({
  path: 'value-sets/our-dentists.json',
  text: JSON.stringify({
    resourceType: 'ValueSet',
    id: 'our-dentists',
    url,
    status: 'active',
    compose: {
      include: [{ system: 'https://hospital.example/acts', concept: [{ code: 'D1' }, { code: 'D2' }] }],
    },
  }),
});

const ours = 'https://bone-metastasis-cds.example/fhir/ValueSet/dental-assessment';

describe("a hospital's overlay", () => {
  it('changes numbers, codes, wording and status, and lists each change', async () => {
    const result = await build(
      { path: 'settings.yaml', text: 'dentalAssessmentAge: { value: 4, unit: mo, reason: local protocol }' },
      { path: 'texts.yaml', text: 'dental-assessment: { title: { fr: Avis dentaire } }' },
      { path: 'rules.yaml', text: 'dental-assessment: { status: retired, reason: done by the pharmacy }' },
      valueSet(ours),
    );
    expect(messages(result)).toEqual([]);
    if (!result.ok) return;
    const { settings, rules, valueSets, overrides } = result.knowledge;
    expect(settings.get('dentalAssessmentAge')).toMatchObject({ value: 4, unit: 'mo', max: 12 });
    expect(rules.get('dental-assessment')).toMatchObject({
      status: 'retired',
      title: { en: 'Dental assessment', fr: 'Avis dentaire' },
    });
    expect(valueSets.get('dental-assessment')?.compose?.include[0]?.system).toBe(
      'https://hospital.example/acts',
    );
    expect(overrides).toEqual([
      {
        kind: 'setting',
        name: 'dentalAssessmentAge',
        file: 'settings.yaml',
        from: '6',
        to: '4',
        reason: 'local protocol',
      },
      {
        kind: 'value-set',
        name: 'dental-assessment',
        file: 'value-sets/our-dentists.json',
        from: '1 codes',
        to: '2 codes',
      },
      {
        kind: 'rule',
        name: 'dental-assessment',
        file: 'rules.yaml',
        from: 'active',
        to: 'retired',
        reason: 'done by the pharmacy',
      },
      {
        kind: 'text',
        name: 'dental-assessment.title.fr',
        file: 'texts.yaml',
        from: 'Bilan bucco-dentaire',
        to: 'Avis dentaire',
      },
    ]);
  });

  it('adds codes of the hospital to a value set, after one that replaces ours', async () => {
    const result = await build(
      {
        path: 'codes.yaml',
        text: 'dental-assessment: [{ system: urn:acts, code: D3, display: Dentiste, reason: order set of 2026 }]',
      },
      valueSet(ours),
    );
    expect(messages(result)).toEqual([]);
    if (!result.ok) return;
    const { valueSets, overrides } = result.knowledge;
    expect(valueSets.get('dental-assessment')?.compose?.include).toEqual([
      { system: 'https://hospital.example/acts', concept: [{ code: 'D1' }, { code: 'D2' }] },
      { system: 'urn:acts', concept: [{ code: 'D3', display: 'Dentiste' }] },
    ]);
    expect(overrides.at(-1)).toEqual({
      kind: 'value-set',
      name: 'dental-assessment',
      file: 'codes.yaml',
      from: '2 codes',
      to: '3 codes',
      reason: 'D3: order set of 2026',
    });
  });

  it('of the example hospital is accepted by the knowledge that is shipped', async () => {
    const overlay = fileURLToPath(new URL('../../fixtures/local-hospital', import.meta.url));
    const { overrides } = await loadKnowledge({ overlay });
    expect(overrides.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'setting dentalAssessmentMaxAge',
      'value-set dental-assessment',
      'value-set bone-scan',
      'value-set dental-assessment',
      'text dental-assessment-before-antiresorptive.title.fr',
    ]);
  });

  it('that the guide for clinicians shows is accepted as well', async () => {
    const guide = await readFile(new URL('../../cds-services/README.md', import.meta.url), 'utf8');
    const shown = /```yaml\n(# settings\.yaml:[\s\S]*?)```/.exec(guide)?.[1] ?? '';
    const files = [...shown.matchAll(/^# ((?:settings|codes|rules|texts)\.yaml):.*\n((?:[^#].*\n)+)/gm)];
    expect(files.map(([, name]) => name)).toEqual([
      'settings.yaml',
      'codes.yaml',
      'rules.yaml',
      'texts.yaml',
    ]);
    const folder = await mkdtemp(join(tmpdir(), 'overlay-'));
    try {
      for (const [, name = '', text = ''] of files) await writeFile(join(folder, name), text);
      const { overrides } = await loadKnowledge({ overlay: folder });
      expect(overrides.map(({ kind }) => kind)).toEqual(['setting', 'value-set', 'rule', 'text']);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it.each<readonly [string, string, string, string]>([
    [
      'a setting above its bounds',
      'settings.yaml',
      'dentalAssessmentAge: { value: 13, reason: x }',
      'settings.yaml:1:31 SETTING_INVALID dentalAssessmentAge.value: expected a number from 1 to 12 mo, found 13',
    ],
    [
      'a setting in another unit',
      'settings.yaml',
      'dentalAssessmentAge: { value: 4, unit: wk, reason: x }',
      'settings.yaml:1:40 SETTING_INVALID dentalAssessmentAge.unit: expected the unit mo, found "wk"',
    ],
    [
      'a setting that was never declared',
      'settings.yaml',
      'dentistAge: { value: 4, reason: x }',
      'settings.yaml:1:1 NAME_UNKNOWN dentistAge: expected the name of a setting, found dentistAge',
    ],
    [
      'a rule switched on',
      'rules.yaml',
      'dental-assessment: { status: active, reason: x }',
      'rules.yaml:1:30 SCHEMA_INVALID dental-assessment.status: expected "retired", found "active"',
    ],
    [
      'logic',
      'rules.yaml',
      "dental-assessment: { status: retired, reason: x, condition: 'true' }",
      'rules.yaml:1:50 SCHEMA_INVALID dental-assessment.condition: expected only the keys of its schema, found the key condition',
    ],
    [
      'a wording that loses a placeholder in one language',
      'texts.yaml',
      'dental-assessment: { summary: { en: See a dentist } }',
      'texts.yaml:1:31 TEXT_INVALID dental-assessment.summary: expected the same placeholders in both languages, found no placeholder / {dentalAssessmentAge}',
    ],
    [
      'a wording in a language that is not spoken',
      'texts.yaml',
      'dental-assessment: { title: { xx: Dentorum } }',
      'texts.yaml:1:31 NAME_UNKNOWN dental-assessment.title.xx: expected one of en, fr, found xx',
    ],
    [
      'a wording for a text that the rule lacks',
      'texts.yaml',
      'dental-assessment: { detail: { en: More, fr: Plus } }',
      'texts.yaml:1:22 OVERLAY_INVALID dental-assessment.detail: expected a text that the rule has, found detail',
    ],
    [
      'a code for a value set that we do not have',
      'codes.yaml',
      'dentists: [{ system: urn:acts, code: D1, reason: x }]',
      'codes.yaml:1:1 NAME_UNKNOWN dentists: expected the id of a value set, found dentists',
    ],
    [
      'a code that nobody answers for',
      'codes.yaml',
      'dental-assessment: [{ system: urn:acts, code: D1 }]',
      'codes.yaml:1:21 SCHEMA_INVALID dental-assessment.0: expected the key reason, found the keys system, code',
    ],
    [
      'a code without the system that says whose it is',
      'codes.yaml',
      'dental-assessment: [{ system: acts, code: D1, reason: x }]',
      'codes.yaml:1:31 SCHEMA_INVALID dental-assessment.0.system: expected the format uri, found "acts"',
    ],
    [
      'a code twice',
      'codes.yaml',
      'dental-assessment: [{ system: urn:acts, code: D1, reason: x }, { system: urn:acts, code: D1, reason: x }]',
      'codes.yaml:1:64 OVERLAY_INVALID dental-assessment.1: expected a code that the value set does not hold yet, found urn:acts|D1',
    ],
    [
      'a new rule file',
      'rules/own.yaml',
      'id: own',
      'rules/own.yaml:1:1 OVERLAY_INVALID expected settings.yaml, codes.yaml, orders.yaml, rules.yaml, texts.yaml or value-sets/*.json: an overlay never holds logic, found rules/own.yaml',
    ],
  ])('%s is refused', async (_, path, text, message) => {
    expect(messages(await build({ path, text }))).toEqual([message]);
  });

  it('a value set whose url is not ours is refused', async () => {
    expect(messages(await build(valueSet('https://hospital.example/ValueSet/x')))).toEqual([
      expect.stringContaining('NAME_UNKNOWN url: expected the url of a value set of ours'),
    ]);
  });

  it('problems of the artifacts and of the overlay are told together', async () => {
    const result = await buildSound([{ path: 'notes.txt', text: '' }], {
      overlay: [{ path: 'settings.yaml', text: 'dentalAssessmentAge: { value: 0, reason: x }' }],
    });
    expect(messages(result)).toHaveLength(2);
  });
});
