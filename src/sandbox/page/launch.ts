import type { Link } from '../../cds-hooks/types.js';
import { fhirPath } from './fhir-server.js';
import { issueTexts, jsonOf, RequestFailed } from './json.js';
import { isObject } from '../../json.js';

/** Announces the launch and gives the URL that opens the app on this chart (SMART App Launch, EHR launch). */
export async function launchApp(
  link: Link,
  context: { readonly patient: string; readonly encounter: string | undefined },
  baseUrl: string,
): Promise<string> {
  const response = await fetch('/sandbox/launch', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      patient: context.patient,
      ...(context.encounter !== undefined && { encounter: context.encounter }),
      ...('appContext' in link && { appContext: link.appContext }),
    }),
  }).catch(() => undefined);
  if (response === undefined) throw new RequestFailed(0, []);
  const answer = await jsonOf(response);
  if (!response.ok || !isObject(answer) || typeof answer.launch !== 'string') {
    throw new RequestFailed(response.status, issueTexts(answer));
  }
  const url = new URL(link.url);
  url.searchParams.set('iss', `${baseUrl}${fhirPath}`);
  url.searchParams.set('launch', answer.launch);
  return url.href;
}
