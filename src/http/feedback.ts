import type { RequestHandler } from 'express';
import { readFeedback } from '../cds-hooks/feedback.js';
import { leavePlace } from './admission.js';
import { callerOf } from './caller.js';
import type { Deployment } from './deployment.js';
import { problem, refuse } from './errors.js';
import { serviceNamed } from './service-ids.js';
import { understood } from './reasons.js';

/** `POST /cds-services/{id}/feedback`: answered with 200 only when it is on disk. */
export function feedback({ prepared, store, log, audit }: Deployment): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const id = serviceNamed(prepared.services, request.params.id)?.service.definition.id;
    if (id === undefined) {
      refuse(response, [
        problem('SERVICE_UNKNOWN', '', 'there is no CDS service of this id; see /cds-services'),
      ]);
      return;
    }
    audit.about(request, { service: id });
    const read = readFeedback(request.body);
    if (!read.ok) {
      refuse(response, read.problems);
      return;
    }
    try {
      // The store may not answer for a while: others need not wait for that.
      leavePlace(request);
      const items = read.feedback.map((item) => understood(prepared.knowledge, item));
      await store.saveFeedback(callerOf(request).issuer ?? '', id, items);
    } catch {
      log.error(
        { code: 'STORE_UNAVAILABLE', service: id, items: read.feedback.length },
        'feedback not stored',
      );
      response.set('Retry-After', '5');
      refuse(response, [
        problem(
          'STORE_UNAVAILABLE',
          '',
          'feedback could not be stored; nothing of it was kept, send it again',
        ),
      ]);
      return;
    }
    log.info({ service: id, items: read.feedback.length }, 'feedback stored');
    response.status(200).type('application/json').send('{}');
  };
}
