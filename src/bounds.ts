/**
 * What one request may hold at most. No request costs more than a second of processor time or 100 MB, and none comes near
 * these numbers in care; what goes beyond is refused with the bound named, never cut.
 */
export const bounds = {
  /** Problems that one refusal lists. */
  problems: 100,
  /** Levels of nesting of a body; deeper than any real chart, and recursion over what passes is safe. */
  nesting: 200,
  /** Bytes of `BODY_LIMIT` for each object or list of a body: with 10 MB, half a million of them. */
  bytesPerElement: 20,
  /** Bytes of `BODY_LIMIT` for each comma between the members and items of a body. */
  bytesPerItem: 10,
  /** Different beginnings of objects, by the names of their members: each costs the parser a description of its own. */
  shapes: 20_000,
  /** Different names that follow the same beginning of an object; beyond some hundreds an object costs several times as much. */
  nextNames: 1000,
  /** Characters of any text that is matched or parsed as a whole: identifiers, references, dates, units, codes. */
  token: 2000,
  /** Characters of an access token; no server takes longer headers. */
  accessToken: 16_384,
  /** Characters of `fhirAuthorization.scope`. */
  scope: 16_384,
  prefetchKeys: 200,
  /** Orders, appointments or conditions that a call is about. */
  drafts: 200,
  /** References in `selections` and the like. */
  references: 1000,
  /** Items of feedback in one call. */
  feedbackItems: 1000,
  /** Items of a filled form, answers of one of them, and parameters around it. */
  formItems: 200,
  /** Resources of one kind in a chart, where each is weighed against the others. */
  chart: { BodyStructure: 300, Condition: 3000, MedicationRequest: 5000 },
  /** Resources of any other kind in a chart. */
  chartOther: 50_000,
  /** Different resources that Observations focus on: the lesions of a chart. */
  lesions: 300,
  /** Items of any list and members of any object, but for the entries of a Bundle. */
  repeats: 2000,
} as const;
