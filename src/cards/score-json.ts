import type { ItemResult, ScoreResult } from '../rules/scored.js';

/** A score as answers hold it: no `null`, no empty list, nothing that is not known. */
export function scoreJson(result: ScoreResult): Readonly<Record<string, unknown>> {
  const {
    score,
    lesion,
    reachable,
    possibleClasses,
    total,
    recordedTotal,
    missing,
    flags,
    items,
    unassigned,
  } = result;
  return {
    score,
    ...(lesion !== undefined && { lesion }),
    ...(reachable.length > 0 && { reachable }),
    ...(total !== undefined && { total }),
    ...(result.class !== undefined && { class: result.class }),
    ...(possibleClasses.length > 0 && { possibleClasses }),
    ...(recordedTotal !== undefined && { recordedTotal }),
    ...(missing.length > 0 && { missing }),
    ...(flags.length > 0 && { flags }),
    ...(unassigned.length > 0 && { unassigned }),
    items: items.map(itemJson),
  };
}

function itemJson({ item, answer, points, from, evidence }: ItemResult): Readonly<Record<string, unknown>> {
  return {
    item,
    ...(answer !== undefined && { answer }),
    points,
    ...(from !== undefined && { from }),
    ...(evidence.length > 0 && { evidence }),
  };
}
