import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Entry {
  readonly payload: AdapterPayload;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

const mostEntries = 5000;

/**
 * Where one authorization server keeps its sessions, grants, codes and tokens: in memory and by itself, unlike the
 * provider's own, which all servers of a process share. The oldest entries are forgotten first.
 */
export function memoryAdapter(): (model: string) => Adapter {
  const entries = new Map<string, Entry>();

  const alive = (key: string): AdapterPayload | undefined => {
    const entry = entries.get(key);
    if (entry === undefined || entry.until > Date.now()) return entry?.payload;
    entries.delete(key);
    return undefined;
  };
  const findWhere = (
    prefix: string,
    holds: (payload: AdapterPayload) => boolean,
  ): AdapterPayload | undefined => {
    const key = [...entries.keys()].find((candidate) => {
      const payload = candidate.startsWith(prefix) ? alive(candidate) : undefined;
      return payload !== undefined && holds(payload);
    });
    return key === undefined ? undefined : alive(key);
  };

  return (model) => {
    const prefix = `${model}:`;
    return {
      upsert(id, payload, expiresIn) {
        const until = expiresIn === undefined ? Infinity : Date.now() + expiresIn * 1000;
        entries.delete(prefix + id);
        entries.set(prefix + id, { payload, until });
        const [oldest] = entries.keys();
        if (entries.size > mostEntries && oldest !== undefined) entries.delete(oldest);
        return Promise.resolve();
      },
      find: (id) => Promise.resolve(alive(prefix + id)),
      findByUid: (uid) => Promise.resolve(findWhere(prefix, (payload) => payload.uid === uid)),
      findByUserCode: (code) => Promise.resolve(findWhere(prefix, (payload) => payload.userCode === code)),
      consume(id) {
        const entry = entries.get(prefix + id);
        if (entry !== undefined) {
          const payload = { ...entry.payload, consumed: Math.floor(Date.now() / 1000) };
          entries.set(prefix + id, { ...entry, payload });
        }
        return Promise.resolve();
      },
      destroy(id) {
        entries.delete(prefix + id);
        return Promise.resolve();
      },
      revokeByGrantId(grantId) {
        for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key);
        return Promise.resolve();
      },
    };
  };
}
