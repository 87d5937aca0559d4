import { rulesOf } from '../terminology/systems.js';
import type { Prepared } from './prepare.js';

/** Rules of a service that no order can reach, as their value sets hold no code in the systems in which it is written. */
export interface OutOfReach {
  readonly service: string;
  /** Type of the orders. */
  readonly type: string;
  /** Code systems in which orders of this type are written. */
  readonly systems: readonly string[];
  readonly rules: readonly string[];
}

/**
 * What cannot fire with the value sets at hand.
 * @param written for each type of orders the code systems that they are written in; a type without any is not judged
 */
export function outOfReach(
  { services, knowledge: { graph }, terminology }: Pick<Prepared, 'services' | 'knowledge' | 'terminology'>,
  written: ReadonlyMap<string, ReadonlySet<string>>,
): readonly OutOfReach[] {
  return [...services.values()].flatMap(({ definition, rules }) =>
    [...written].flatMap(([type, uris]): readonly OutOfReach[] => {
      const systems = new Set([...uris].map((uri) => rulesOf(uri).system));
      const unreached = rules.filter((rule) => {
        const orders = [...rule.criteria]
          .flatMap((name) => graph.inputs.get(name)?.facts ?? [])
          .filter((each) => each.from === 'request' && each.type === type);
        const codes = orders.flatMap(({ codes = [] }) => codes).flatMap((id) => terminology.codesOf(id));
        return codes.length > 0 && !codes.some(({ system }) => systems.has(rulesOf(system).system));
      });
      if (systems.size === 0 || unreached.length === 0) return [];
      const ids = unreached.map(({ rule }) => rule.id);
      return [{ service: definition.id, type, systems: [...systems].sort(), rules: ids }];
    }),
  );
}
