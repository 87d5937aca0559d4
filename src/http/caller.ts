import type { Request } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import type { Client } from '../trust/clients.js';

/** Who calls, as far as it is known: in development a caller from loopback needs no token. */
export interface KnownCaller {
  readonly client?: Client;
  readonly issuer?: string;
  readonly tenant?: string;
}

const callers = new WeakMap<Request, KnownCaller>();

/** The caller of a request that `trustedCaller` has let through; nothing is known of any other. */
export function callerOf(request: Request): KnownCaller {
  return callers.get(request) ?? {};
}

/** Notes who sent a request, for all that handle it afterwards. */
export function nameCaller(request: Request, caller: KnownCaller): void {
  callers.set(request, caller);
}

/** The address of the caller; of IPv6 the network, since one caller has as many addresses as it likes. */
export function addressOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? '');
}

/** Whose share of this service a call takes: the client's, or where none is known the address's. */
export function clientKey(request: Request): string {
  const { issuer } = callerOf(request);
  return issuer === undefined ? `address ${addressOf(request)}` : `issuer ${issuer}`;
}
