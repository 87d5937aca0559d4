import { checkExpression } from '../fhirpath/lint.js';
import { loadKnowledge } from '../knowledge/load-knowledge.js';
import { runAsProgram } from './program.js';

/** Part of the build: checks the shipped knowledge once, so that no start has to. */
await runAsProgram(import.meta.url, async () => {
  await loadKnowledge({ checkExpression });
});
