import { createContext, useContext } from 'react';
import type { Language, SpokenLanguage } from '../../knowledge/types.js';
import type { Ageing } from '../form.js';
import type { AppKnowledge } from '../knowledge.js';
import type { Say } from '../../words/say.js';

/** What every component may need. */
export interface Shared {
  readonly say: Say<'app'>;
  readonly language: Language;
  readonly spoken: SpokenLanguage;
  readonly knowledge: AppKnowledge;
  readonly ageing: Ageing;
  /** Scores that were saved since the app was opened: keys of their forms. */
  readonly changed: readonly string[];
  /** What a reference means, in the chart's own words when it has some. */
  readonly source: (reference: string) => string;
}

export const SharedContext = createContext<Shared | undefined>(undefined);

/** The shared values; only below `SharedContext`. */
export function useShared(): Shared {
  const shared = useContext(SharedContext);
  if (shared === undefined) throw new Error('SharedContext is missing');
  return shared;
}
