import { errorCodes, type ErrorCode } from '../cds-hooks/outcome.js';
import { wordsIn, type Spoken } from '../knowledge/catalogues.js';
import type { Text } from '../knowledge/types.js';
import { inEach } from '../text.js';
import type { PlainKeyIn } from '../words/say.js';

/** Words of published forms that no artifact holds, in each language that has them: `languages/<code>/published.yaml`. */
export function label(spoken: Spoken, key: PlainKeyIn<'published'>): Text {
  const { catalogues, languages } = spoken;
  const saying = languages
    .map(({ code }) => code)
    .filter((code) => catalogues.get(code)?.get('published')?.[key] !== undefined);
  return inEach(saying, (language) => wordsIn(spoken, 'published', language)(key));
}

/** Every error code that an OperationOutcome of this service may hold. */
export function errorDisplays(
  spoken: Spoken,
): readonly { readonly code: ErrorCode; readonly display: Text }[] {
  return errorCodes.map((code) => ({ code, display: label(spoken, `error.${code}`) }));
}
