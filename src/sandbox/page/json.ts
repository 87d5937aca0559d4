import { isObject } from '../../json.js';

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What a server said when it refused: the texts of an OperationOutcome, or nothing that can be shown. */
export function issueTexts(body: unknown): readonly string[] {
  if (!isObject(body)) return [];
  return listOf(body.issue).flatMap((issue) => {
    if (!isObject(issue)) return [];
    const details = isObject(issue.details) ? textOf(issue.details.text) : undefined;
    const said = textOf(issue.diagnostics) ?? details;
    const places = listOf(issue.expression).filter((place) => typeof place === 'string');
    if (said === undefined) return [];
    return [places.length > 0 ? `${places.join(', ')}: ${said}` : said];
  });
}

/** A request that was refused or could not be made. `status` 0 = the server was not reached. */
export class RequestFailed extends Error {
  constructor(
    readonly status: number,
    readonly issues: readonly string[],
  ) {
    super(issues.join('; '));
  }
}

export async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
