import type { CodeableConcept } from 'fhir/r4.js';
import bodyMap from '../../../fixtures/sandbox/body-map.json';
import { gravest, type Mark, type Tone } from '../../ui/body/marks.js';
import type { Chart, Lesion } from './chart.js';
import { jsonOf, listOf, textOf } from './json.js';
import { isObject } from '../../json.js';

type Side = NonNullable<Mark['side']>;

const sidesByCode: ReadonlyMap<string, string> = new Map(Object.entries(bodyMap.sides));
const sitesByCode: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(bodyMap.codes));
const namesByScore: ReadonlyMap<string, string> = new Map(Object.entries(bodyMap.names));
const tonesByClass: ReadonlyMap<string, string> = new Map(Object.entries(bodyMap.tones));

const isSide = (side: string | undefined): side is Side => side === 'left' || side === 'right';
const isTone = (tone: string | undefined): tone is Tone =>
  tone === 'low' || tone === 'middle' || tone === 'high';

const codesIn = (concepts: readonly CodeableConcept[]): readonly string[] =>
  concepts.flatMap(({ coding = [] }) => coding.map(({ code = '' }) => code));

/** The one side that is coded; undefined without a code, with both, or where it is not clear which place is meant. */
function sideOf({ lesion }: Lesion): Side | undefined {
  const isStructure = lesion.resourceType === 'BodyStructure';
  const places = isStructure ? [lesion.location ?? {}] : (lesion.bodySite ?? []);
  if (places.length !== 1) return undefined;
  const named = [...places, ...(isStructure ? (lesion.locationQualifier ?? []) : [])];
  const [side, ...others] = new Set(codesIn(named).flatMap((code) => sidesByCode.get(code) ?? []));
  return others.length === 0 && isSide(side) ? side : undefined;
}

/** What a score says of a lesion. */
export interface ScoreOfLesion {
  readonly lesion: string;
  readonly score: string;
  /** Total, or the lowest and the highest that are still possible. */
  readonly total: string;
  readonly tone: Tone;
}

function scoreIn(value: unknown): readonly ScoreOfLesion[] {
  if (!isObject(value) || !isObject(value.lesion)) return [];
  const [lesion, score] = [textOf(value.lesion.reference), textOf(value.score)];
  const reachable = listOf(value.reachable).map(String);
  const [lowest, highest] = [reachable[0], reachable.at(-1)];
  if (lesion === undefined || score === undefined || lowest === undefined || highest === undefined) return [];
  const tone = tonesByClass.get(`${score} ${textOf(value.class) ?? ''}`);
  const isGapless = Number(highest) - Number(lowest) === reachable.length - 1;
  const total = lowest === highest ? lowest : `${lowest}${isGapless ? '–' : '…'}${highest}`;
  return [{ lesion, score, total, tone: isTone(tone) ? tone : 'open' }];
}

/** What the service makes of the chart, lesion by lesion; nothing when it does not answer. */
export async function scoresOf({ patient, resources }: Chart): Promise<readonly ScoreOfLesion[]> {
  const chart = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [patient, ...resources].map((resource) => ({ resource })),
  };
  const response = await fetch('/scores', {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json', accept: 'application/json' },
    body: JSON.stringify(chart),
  }).catch(() => undefined);
  const body = response?.ok === true ? await jsonOf(response) : undefined;
  return listOf(isObject(body) ? body.scores : undefined).flatMap(scoreIn);
}

/** The lesions that the picture can show: those whose place is coded. */
export function marksOf(lesions: readonly Lesion[], scores: readonly ScoreOfLesion[]): readonly Mark[] {
  return lesions.flatMap((one): readonly Mark[] => {
    const { lesion } = one;
    const coded = codesIn(
      lesion.resourceType === 'Condition' ? (lesion.bodySite ?? []) : [lesion.location ?? {}],
    ).map((code) => sitesByCode.get(code) ?? []);
    const exact = coded.filter((sites) => sites.length === 1).flat();
    const places = [...new Set(exact.length > 0 ? exact : coded.flat())];
    if (places.length === 0) return [];
    const reference = `${lesion.resourceType}/${lesion.id ?? ''}`;
    const own = scores.filter((score) => score.lesion === reference);
    const side = sideOf(one);
    return [
      {
        id: reference,
        places,
        certain: exact.length > 0,
        ...(side !== undefined && { side }),
        tone: gravest(own.map(({ tone }) => tone)) ?? 'open',
        score: own.map(({ score }) => namesByScore.get(score) ?? score).join(' · '),
        total: own.map(({ total }) => total).join(' · '),
      },
    ];
  });
}
