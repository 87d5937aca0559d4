import type { Language } from '../knowledge/types.js';
import { isObject } from '../json.js';

/** What the card that launched the app wants to be opened. */
export interface AppContext {
  readonly score?: string;
  readonly lesion?: string;
  /** What the card was written in: it may be one that the app does not speak. */
  readonly language?: Language;
}

const lesionReference = /^(?:BodyStructure|Condition|Observation)\/[A-Za-z0-9.-]{1,64}$/;

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/**
 * Reads `appContext` (CDS Hooks 2.0, Link) from the token response, where it stands as the JSON text that the card
 * gave. What is not understood is left out: the app then opens on the overview.
 */
export function readAppContext(tokenResponse: unknown): AppContext {
  const context = isObject(tokenResponse) ? parsed(tokenResponse['appContext']) : undefined;
  if (!isObject(context)) return {};
  const { score, lesion, language } = context;
  return {
    ...(typeof score === 'string' && /^[a-z]+$/.test(score) && { score }),
    ...(typeof lesion === 'string' && lesionReference.test(lesion) && { lesion }),
    ...(typeof language === 'string' && /^[a-z]{2,3}$/.test(language) && { language }),
  };
}
