import type { Appointment, FhirResource } from 'fhir/r4.js';
import { conceptText, draftsOf, encounterOf, orderText, referenceTo, type Chart } from './chart.js';
import type { Moment } from './decision.js';
import { collection } from './drafting.js';
import { isResource, ofType, put, query } from './fhir-server.js';
import { RequestFailed } from './json.js';

/** The resource as it stands on the server now. */
async function current(reference: string): Promise<FhirResource | undefined> {
  const found = await query(reference).catch((error: unknown) => {
    if (error instanceof RequestFailed && (error.status === 404 || error.status === 410)) return undefined;
    throw error;
  });
  return isResource(found) ? found : undefined;
}

/** Signing the open orders. One that was signed or withdrawn elsewhere meanwhile is left as it is. */
export const signing: Moment = {
  step: 'sign',
  hook: 'order-sign',
  subject: (chart) => draftsOf(chart).map(orderText),
  context: (chart) => ({ draftOrders: collection(draftsOf(chart)) }),
  async proceed(chart) {
    const signed: string[] = [];
    for (const draft of draftsOf(chart)) {
      const now = await current(referenceTo(draft));
      if (now === undefined || !('status' in now) || now.status !== 'draft') continue;
      await put({ ...draft, status: 'active' });
      signed.push(orderText(draft));
    }
    return signed;
  },
};

/** Booking a proposed appointment; advice may have withdrawn or moved it, which is then found in the chart. */
export function booking(proposed: Appointment, words: (appointment: Appointment) => string): Moment {
  const kept = (chart: Chart): Appointment =>
    ofType(chart.resources, 'Appointment').find(({ id }) => id === proposed.id) ?? proposed;
  let isWithdrawn = false;
  const open = (chart: Chart): readonly Appointment[] =>
    isWithdrawn ? [] : [kept(chart)].filter(({ status }) => status === 'proposed');
  return {
    step: 'book',
    hook: 'appointment-book',
    subject: (chart) => open(chart).map(words),
    context: (chart) => ({ appointments: collection(open(chart)) }),
    withdraw(reference) {
      const isThis = reference === `Appointment/${proposed.id ?? ''}`;
      isWithdrawn ||= isThis;
      return isThis;
    },
    async proceed(chart) {
      const booked = open(chart);
      for (const appointment of booked) await put({ ...appointment, status: 'booked' });
      return booked.map(words);
    },
  };
}

/** Discharge from the open encounter. `today` is YYYY-MM-DD. */
export function discharge(today: string, words: string): Moment {
  return {
    step: 'discharge',
    hook: 'encounter-discharge',
    subject: (chart) => (encounterOf(chart) === undefined ? [] : [words]),
    context: () => ({}),
    async proceed(chart) {
      const encounter = encounterOf(chart);
      if (encounter === undefined) return [];
      await put({ ...encounter, status: 'finished', period: { ...encounter.period, end: today } });
      return [words];
    },
  };
}

/** What an appointment is for. */
export const appointmentText = ({ serviceType }: Appointment): string =>
  (serviceType ?? []).map(conceptText).join(', ');
