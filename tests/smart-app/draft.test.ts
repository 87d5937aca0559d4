import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  draftKey,
  dropDraft,
  dropOtherPatients,
  keepDraft,
  readDraft,
  type DraftStore,
} from '../../src/smart-app/draft.js';

function memory(): DraftStore & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    get length() {
      return values.size;
    },
    key: (index) => [...values.keys()][index] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => values.set(key, value),
    removeItem: (key) => values.delete(key),
  };
}

const server = 'https://ehr.example/fhir';
const key = draftKey(server, 'p1', 'sins', 'lesion:BodyStructure/l1');
const draft = { choices: { 'sins-pain': 'none' }, identifier: 'form-1', sent: true };
let store = memory();

beforeEach(() => {
  store = memory();
});

describe('a draft', () => {
  it('comes back as it was kept, and is gone once dropped', () => {
    keepDraft(store, key, draft);
    expect(readDraft(store, key)).toEqual(draft);
    dropDraft(store, key);
    expect(readDraft(store, key)).toBeUndefined();
  });

  it('does not come back for another lesion, score or patient', () => {
    keepDraft(store, key, draft);
    expect(readDraft(store, draftKey(server, 'p1', 'sins', 'lesion:BodyStructure/l2'))).toBeUndefined();
    expect(readDraft(store, draftKey(server, 'p1', 'mirels', 'lesion:BodyStructure/l1'))).toBeUndefined();
    expect(readDraft(store, draftKey(server, 'p2', 'sins', 'lesion:BodyStructure/l1'))).toBeUndefined();
  });

  it("is forgotten when the patient changes; this patient's and other pages' entries stay", () => {
    const other = draftKey(server, 'p11', 'sins', 'patient');
    keepDraft(store, key, draft);
    keepDraft(store, other, draft);
    store.setItem('SMART_KEY', 'x');
    dropOtherPatients(store, server, 'p1');
    expect([...store.values.keys()]).toEqual([key, 'SMART_KEY']);
  });

  it.each(['not json', '{}', '{"choices":[],"identifier":"a"}', 'null'])(
    'that cannot be read (%s) is none',
    (text) => {
      store.setItem(key, text);
      expect(readDraft(store, key)).toBeUndefined();
    },
  );

  it('that cannot be stored does not break the form', () => {
    const full: DraftStore = {
      ...store,
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    };
    expect(() => {
      keepDraft(full, key, draft);
    }).not.toThrow();
  });
});
