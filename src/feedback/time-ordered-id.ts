import { randomUUID } from 'node:crypto';

/**
 * A UUID that begins with the time, in ms as RFC 9562 lays it out for version 7, and is random for the rest. A table
 * whose key it is grows at its end; with ids in no order every new row changes a page of its own, and a write costs the
 * more, the larger the table is. It is marked as version 4: validators in the field refuse versions that they do not know.
 */
export const timeOrderedId = (at: Date): string => {
  const ms = Math.max(0, at.getTime()).toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}${randomUUID().slice(13)}`;
};
