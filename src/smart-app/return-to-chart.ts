/**
 * Tells the record that the app is done (SMART Web Messaging, `ui.done`): it closes the frame in which the app stands. Says
 * nothing of the patient. Without a frame nothing happens.
 */
export function returnToChart(): void {
  if (window.parent === window) return;
  const message = {
    messagingHandle: '',
    messageId: crypto.randomUUID(),
    messageType: 'ui.done',
    payload: {},
  };
  window.parent.postMessage(message, window.location.origin);
}
