import { isObject } from '../json.js';

/** How the record that launched the app can be told something: SMART Web Messaging. */
export interface Messaging {
  readonly handle: string;
  /** Origin of the page in which the app stands. */
  readonly origin: string;
}

/** What the token response says of messages to the record; undefined where it says nothing that can be used. */
export function readMessaging(tokenResponse: unknown): Messaging | undefined {
  if (!isObject(tokenResponse)) return undefined;
  const { smart_web_messaging_handle: handle, smart_web_messaging_origin: origin } = tokenResponse;
  if (typeof handle !== 'string' || typeof origin !== 'string' || !URL.canParse(origin)) return undefined;
  return { handle, origin: new URL(origin).origin };
}

/**
 * Tells the record that the app is done (`ui.done`): it closes the frame in which the app stands. Says nothing of the
 * patient. A record that does not offer messages is told only when it is of this origin; without a frame nothing happens.
 */
export function returnToChart(
  { handle, origin }: Messaging = { handle: '', origin: window.location.origin },
): void {
  if (window.parent === window) return;
  const message = {
    messagingHandle: handle,
    messageId: crypto.randomUUID(),
    messageType: 'ui.done',
    payload: {},
  };
  window.parent.postMessage(message, origin);
}
