import type { AuditRecord } from './types.js';

/** An audit record of what befell the store itself (records lost, records removed): no call stands behind it. */
export function recordOfStore(what: Pick<AuditRecord, 'kind' | 'time' | 'times' | 'issuer'>): AuditRecord {
  return {
    ...what,
    endpoint: '',
    hook: '',
    hookInstance: '',
    service: '',
    outcomes: {},
    status: 0,
    ms: 0,
  };
}
