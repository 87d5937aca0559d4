import type { PreparedService } from '../engine/prepare.js';

/** A service as a caller named it; `hook` where the id stands for that one of its hooks only. */
export interface NamedService {
  readonly service: PreparedService;
  readonly hook?: string;
}

/**
 * The id under which a hook of a service is found where each hook needs an id of its own, as in clients that keep services by
 * id. The last hook, at which things are decided, keeps that of the service.
 */
export function distinctId({ definition: { id, hooks } }: PreparedService, hook: string): string {
  return hook === hooks.at(-1) ? id : `${id}-${hook}`;
}

/** The service of an id in either form; both always answer, whatever the caller's discovery says. */
export function serviceNamed(
  services: ReadonlyMap<string, PreparedService>,
  id: string,
): NamedService | undefined {
  const service = services.get(id);
  if (service !== undefined) return { service };
  for (const each of services.values()) {
    const hook = each.definition.hooks.find((known) => distinctId(each, known) === id);
    if (hook !== undefined) return { service: each, hook };
  }
  return undefined;
}
