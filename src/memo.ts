/**
 * Works something out once for each key; what is worked out is never `undefined`. What belongs to an object is kept as long as the
 * object is, anything else as long as the function: such keys are few, and never of a chart.
 */
export function memo<Key, Value>(work: (key: Key) => Value): (key: Key) => Value {
  const ofObjects = new WeakMap<object, Value>();
  const ofOthers = new Map<Key, Value>();
  return (key) => {
    if (typeof key === 'object' && key !== null) {
      let value = ofObjects.get(key);
      if (value === undefined) ofObjects.set(key, (value = work(key)));
      return value;
    }
    let value = ofOthers.get(key);
    if (value === undefined) ofOthers.set(key, (value = work(key)));
    return value;
  };
}
