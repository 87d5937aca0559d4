import type { Fact } from '../chart/chart.js';
import type {
  RecordedAnswers as Recorded,
  Judgement as Judged,
  ScoreEvidence as Evidence,
} from '../scores/assess.js';
import type { ItemResult as Item, ScoreResult as Result } from '../scores/result.js';

/** A score that rests on facts of a chart. */
export type ScoreResult = Result<Fact>;
export type ItemResult = Item<Fact>;
export type Judgement = Judged<Fact>;
export type RecordedAnswers = Recorded<Fact>;
export type ScoreEvidence = Evidence<Fact>;
