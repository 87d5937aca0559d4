import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { exportedLabels, prometheusRules, recordedLabels, rulesFile, unknownIn } from './exported.js';

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

const promtool = (...args: readonly string[]): string =>
  execFileSync('promtool', args, { encoding: 'utf8', stdio: 'pipe' });

describe('the rules of Prometheus', () => {
  it('ask for series that the service has or that they record, by labels that those have', async () => {
    const known = new Map([...(await exportedLabels()), ...recordedLabels()]);
    expect(prometheusRules().length).toBeGreaterThan(20);
    expect(prometheusRules().flatMap(({ expr }) => unknownIn(expr, known))).toEqual([]);
    for (const [expression, problem] of [
      ['sum(cds_gone_total)', 'cds_gone_total does not exist'],
      ['cds:rule_fires:gone > 1', 'cds:rule_fires:gone does not exist'],
      ['sum by (ward) (cds_cards_total)', 'nothing has ward'],
      ['cds_cards_total{outcome="fires"}', 'cds_cards_total has no outcome'],
    ] as const)
      expect(unknownIn(expression, known)).toEqual([problem]);
  });

  it('say what each alert means, and each is tried', () => {
    const tried = readFileSync('tests/deploy/prometheus-rules.yaml', 'utf8');
    const alerts = prometheusRules().flatMap(({ alert, annotations }) =>
      alert === undefined ? [] : [{ alert, summary: annotations?.['summary'] }],
    );
    expect(alerts.filter(({ summary }) => summary === undefined)).toEqual([]);
    const isTried = (alert: string): boolean => tried.includes(`alertname="${alert}"`);
    expect(alerts.filter(({ alert }) => !isTried(alert))).toEqual([]);
    expect(alerts.length).toBeGreaterThanOrEqual(11);
  });

  // `apt-get install prometheus`
  (hasPromtool ? it : it.skip)(
    'are silent and speak as they should in made-up weeks (needs promtool)',
    () => {
      expect(promtool('check', 'rules', rulesFile)).toContain('SUCCESS');
      expect(promtool('test', 'rules', 'tests/deploy/prometheus-rules.yaml')).toContain('SUCCESS');
    },
    300_000,
  );
});
