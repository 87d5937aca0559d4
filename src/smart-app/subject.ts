/** What a score is about: the patient, a lesion of the chart, or a site that no lesion of the chart names yet. */
export type Subject =
  | { readonly kind: 'patient' }
  | { readonly kind: 'lesion'; readonly reference: string; readonly site?: string }
  | { readonly kind: 'site'; readonly site: string };

/** A text that is the same for the same subject, and short enough for an address or a storage key. */
export function subjectKey(subject: Subject): string {
  if (subject.kind === 'patient') return 'patient';
  return subject.kind === 'lesion' ? `lesion:${subject.reference}` : `site:${subject.site}`;
}

/** The inverse of `subjectKey`; the label of a lesion is not in its key. */
export function subjectOfKey(key: string): Subject | undefined {
  if (key === 'patient') return { kind: 'patient' };
  const match = /^(lesion|site):(.+)$/.exec(key);
  const [, kind, name] = match ?? [];
  if (name === undefined) return undefined;
  return kind === 'lesion' ? { kind: 'lesion', reference: name } : { kind: 'site', site: name };
}
