import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { buildKnowledge } from '../../src/knowledge/build-knowledge.js';
import { loadKnowledge } from '../../src/knowledge/load-knowledge.js';
import { engineSettings } from '../../src/knowledge/engine-settings.js';
import { KnowledgeError } from '../../src/knowledge/problem.js';
import { readWithSchemas } from '../../src/knowledge/read/read-artifacts.js';
import { brokenFolder, buildSound, messages, soundFolder } from './sound-artifacts.js';

describe('knowledge', () => {
  it('gives each input its name and its kind from the key that it was written with', async () => {
    const { inputs } = await loadKnowledge({ folder: soundFolder });
    const kinds = [...inputs.values()].map(({ name, kind }) => `${name} ${kind}`);
    expect(kinds).toEqual([
      'antiresorptiveOrdered selected',
      'dentalAssessment selected',
      'lastAssessment selected',
      'spinal site',
      'boneLesions lesions',
      'monthsSinceAssessment elapsed',
      'overdue expression',
      'overdueUndecided undecided',
      'miniTotal score',
      'age person',
    ]);
    expect(inputs.get('spinal')).toMatchObject({ scope: 'lesion', sites: ['thoracic-spine'] });
    expect(inputs.get('boneLesions')).toMatchObject({ read: 'count', sites: ['T12'] });
    expect(inputs.get('monthsSinceAssessment')).toMatchObject({ from: 'lastAssessment', unit: 'mo' });
    expect(inputs.get('overdueUndecided')).toMatchObject({ of: 'overdue' });
    expect(inputs.get('miniTotal')).toMatchObject({ score: 'mini', part: 'total', over: 'highest' });
    expect(inputs.get('age')).toMatchObject({ part: 'age' });
  });

  it('says which guideline it is, and is refused without', async () => {
    const { guideline } = await loadKnowledge({ folder: soundFolder });
    expect(guideline).toMatchObject({ id: 'teeth', roles: { review: 'antiresorptive-safety' } });
    const without = (await readWithSchemas(soundFolder)).filter(({ path }) => path !== 'guideline.yaml');
    expect(messages(buildKnowledge(without))).toEqual([
      'guideline.yaml:1:1 FILE_MISSING expected the file that says which guideline this is, found none',
    ]);
  });

  it('holds every kind of artifact by its id, without the files own version', async () => {
    const knowledge = await loadKnowledge({ folder: soundFolder });
    expect([...knowledge.settings.keys()]).toEqual(['dentalAssessmentAge', ...engineSettings]);
    expect([...knowledge.valueSets.keys()].sort()).toEqual([
      'denosumab',
      'dental-assessment',
      'mini',
      'mini-pain',
    ]);
    expect(knowledge.bodySites.get('T12')).toMatchObject({ id: 'T12', region: 'thoracic-spine' });
    expect(knowledge.unitSpellings.get('umol/L')).toBe('umol/L');
    expect(knowledge.overrideReasons.get('urgent')?.display.fr).toBe('Traitement urgent');
    expect(knowledge.fragments.get('denosumab')?.resourceType).toBe('MedicationRequest');
    expect(knowledge.recommendations.get('T-18')).toMatchObject({ id: 'T-18', section: '3.4' });
    expect(knowledge.overrides).toEqual([]);
  });

  it('cannot be changed after it is built, at any depth', async () => {
    const knowledge = await loadKnowledge({ folder: soundFolder });
    const rule = knowledge.rules.get('dental-assessment');
    expect(Reflect.set(rule ?? {}, 'status', 'retired')).toBe(false);
    expect(Reflect.set(rule?.card.summary ?? {}, 'en', 'other')).toBe(false);
    expect(Reflect.set(knowledge, 'rules', new Map())).toBe(false);
    const clear: unknown = Reflect.get(knowledge.rules, 'clear');
    expect(clear).toThrow('frozen');
    expect(knowledge.rules.size).toBe(1);
    expect(rule?.status).toBe('active');
  });

  it('rejects with one error that lists every problem', async () => {
    const failure = loadKnowledge({ folder: join(brokenFolder, 'two-problems-in-two-files') });
    await expect(failure).rejects.toBeInstanceOf(KnowledgeError);
    await expect(failure).rejects.toMatchObject({ code: 'KNOWLEDGE_INVALID' });
  });

  it('gives each expression to the check with its variables, mode and resource types', async () => {
    const calls: string[] = [];
    await buildSound([], {
      checkExpression: (expression, variables, mode, types) => {
        calls.push(
          `${mode} ${expression} ${variables.has('dentalAssessment')} ${(types ?? []).join()}`.trim(),
        );
        return [];
      },
    });
    expect(calls).toEqual([
      'expression %monthsSinceAssessment > 6 true',
      'condition %antiresorptiveOrdered true',
      'condition %dentalAssessment.not() true',
      'condition %dentalAssessment true',
    ]);
  });
});

describe('a text of a rule', () => {
  const path = 'rules/dental/dental-assessment.yaml';
  const withPlace = async (place: string): Promise<readonly string[]> => {
    const text = (await readFile(join(soundFolder, path), 'utf8')).replaceAll('{dentalAssessmentAge}', place);
    return messages(await buildSound([{ path, text }]));
  };

  it.each(['{order}', '{lesion}', '{missing}', '{missingCount}'])('may speak of %s', async (place) => {
    expect(await withPlace(place)).toEqual([]);
  });

  // What no card can fill in would cost the clinician the whole card.
  it.each(['{today}', '{total}', '{class}'])('may not speak of %s', async (place) => {
    expect(await withPlace(place)).toEqual([
      expect.stringContaining('TEXT_INVALID'),
      expect.stringContaining('TEXT_INVALID'),
    ]);
  });
});
