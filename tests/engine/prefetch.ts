/** A resource as an EHR holds it; only its place among its type matters here. */
type Json = Readonly<Record<string, unknown>>;

/**
 * The prefetch that an EHR with this chart sends: a whole type for each published template that is a query, the
 * resource itself for one that is a read. Codes and statuses are left to the service, as lax EHRs leave them.
 * @param ofType the chart's resources of one type
 */
export function prefetchFrom(
  templates: Readonly<Record<string, string>>,
  ofType: (resourceType: string) => readonly Json[],
): Json {
  return Object.fromEntries(
    Object.entries(templates).map(([key, template]): readonly [string, unknown] => {
      const found = ofType(/^[A-Za-z]+/.exec(template)?.[0] ?? '');
      if (!template.includes('?')) return [key, found[0] ?? null];
      const entry = found.map((resource) => ({ resource }));
      return [key, { resourceType: 'Bundle', type: 'searchset', total: found.length, entry }];
    }),
  );
}
