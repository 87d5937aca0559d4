import type { Artifact } from '../read/artifacts.js';
import type { Report } from '../problem.js';
import { show } from '../read/source.js';
import type { Change } from '../types.js';

/** Negative when the first is the lower version. */
function compareVersions(one: string, other: string): number {
  const [first, second] = [one, other].map((version) => version.split('.').map(Number));
  const place = [0, 1, 2].find((index) => first?.[index] !== second?.[index]);
  return place === undefined ? 0 : (first?.[place] ?? 0) - (second?.[place] ?? 0);
}

/** What is told of an artifact's versions: the newest first, none above its own, no day before an older version's. */
export function checkChanges(
  { source, value }: Artifact<{ readonly version: string; readonly changes?: readonly Change[] }>,
  report: Report,
): void {
  value.changes?.forEach(({ version, date }, index, changes) => {
    const newer = changes[index - 1];
    const isAbove =
      newer === undefined
        ? compareVersions(version, value.version) > 0
        : compareVersions(version, newer.version) >= 0;
    if (isAbove) {
      const expected = newer === undefined ? `${value.version} or below` : `a version below ${newer.version}`;
      report(source.problem('VERSION_INVALID', ['changes', index, 'version'], expected, show(version)));
    }
    if (newer !== undefined && date > newer.date)
      report(
        source.problem('VERSION_INVALID', ['changes', index, 'date'], `${newer.date} or before`, show(date)),
      );
  });
}
