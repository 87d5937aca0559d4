function refuse(): never {
  throw new TypeError('the knowledge is frozen');
}

/** Freezes a value and all that it holds; nothing in the process can change the knowledge after start-up. */
function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const child of Object.values(value)) deepFreeze<unknown>(child);
    Object.freeze(value);
  }
  return value;
}

/** A map whose content cannot change either: `Object.freeze` alone leaves a Map's entries open. */
export function frozenMap<Value>(entries: Iterable<readonly [string, Value]>): ReadonlyMap<string, Value> {
  const map = new Map(entries);
  for (const value of map.values()) deepFreeze(value);
  Object.defineProperties(map, {
    set: { value: refuse },
    delete: { value: refuse },
    clear: { value: refuse },
  });
  return Object.freeze(map);
}
