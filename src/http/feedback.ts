import type { RequestHandler } from 'express';
import { readFeedback } from '../cds-hooks/feedback.js';
import type { Deployment } from './deployment.js';
import { problem, refuse } from './errors.js';
import { serviceNamed } from './service-ids.js';

/** `POST /cds-services/{id}/feedback`: answered with 200 only when it is on disk. */
export function feedback({ prepared, store, log }: Deployment): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const id = serviceNamed(prepared.services, request.params.id)?.service.definition.id;
    if (id === undefined) {
      refuse(response, [
        problem('SERVICE_UNKNOWN', '', 'there is no CDS service of this id; see /cds-services'),
      ]);
      return;
    }
    const read = readFeedback(request.body);
    if (!read.ok) {
      refuse(response, read.problems);
      return;
    }
    try {
      await store.saveFeedback(id, read.feedback);
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
