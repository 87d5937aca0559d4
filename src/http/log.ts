import { pino, type Logger } from 'pino';

export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>;

/**
 * JSON lines on standard output. What is logged is chosen field by field; the redaction is a second net.
 */
export function createLog(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['*.authorization', '*.access_token', '*.fhirAuthorization', 'authorization', 'access_token'],
      remove: true,
    },
  });
}
