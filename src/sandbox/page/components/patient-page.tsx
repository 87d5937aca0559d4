import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Dialog } from '../../../ui/dialog.js';
import type { Link } from '../../../cds-hooks/types.js';
import type { CdsClient } from '../cds-client.js';
import { ageOn, draftsOf, encounterOf, orderText, patientName, type Order } from '../chart.js';
import {
  bookable,
  collection,
  draftOrder,
  newProblem,
  orderable,
  proposedAppointment,
  recordable,
} from '../drafting.js';
import { put, remove } from '../fhir-server.js';
import { launchApp } from '../launch.js';
import { useWording } from '../language.js';
import { useChart, userId } from '../use-chart.js';
import { AdvicePanel } from './advice-panel.js';
import { AppFrame } from './app-frame.js';
import { CatalogueDialog } from './catalogue-dialog.js';
import { ChartView } from './chart-view.js';
import { Problem } from './problem.js';

interface PatientPageProps {
  readonly client: CdsClient;
  readonly baseUrl: string;
  readonly patientId: string;
  readonly withPrefetch: boolean;
}

type OpenDialog = 'order' | 'problem' | 'booking' | { readonly app: string; readonly title: string };

function today(): string {
  const now = new Date();
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function referenceTo(order: Order): string {
  return `${order.resourceType}/${order.id ?? ''}`;
}

/** An open chart: who it is, what can be done, what the services advise, what the chart holds. */
export function PatientPage({ client, baseUrl, patientId, withPrefetch }: PatientPageProps): ReactNode {
  const { t, date, language } = useWording();
  const open = useChart(client, patientId, withPrefetch);
  const [dialog, setDialog] = useState<OpenDialog>();
  const { chart, problem } = open;
  const heading = useRef<HTMLHeadingElement>(null);
  const loaded = chart !== undefined;
  useEffect(() => {
    // On a narrow screen the list has gone with the link that had the focus.
    if (loaded && document.activeElement === document.body) heading.current?.focus();
  }, [loaded]);
  const close = (): void => {
    setDialog(undefined);
  };
  if (chart === undefined) {
    return problem === undefined ? (
      <p className="note" role="status">
        {t('loading')}
      </p>
    ) : (
      <Problem title={t('chartFailed')} status={problem.status} issues={problem.issues} />
    );
  }
  const writer = { userId, patientId, today: today(), language };
  const drafts = draftsOf(chart);
  const encounter = encounterOf(chart);
  const age = ageOn(chart.patient.birthDate, writer.today);

  const order = async (id: string): Promise<void> => {
    close();
    const draft = draftOrder(id, writer);
    if (draft === undefined || !(await open.write(() => put(draft)))) return;
    await open.fire({
      hook: 'order-select',
      context: { selections: [referenceTo(draft)], draftOrders: collection([...drafts, draft]) },
    });
  };
  const sign = (): Promise<void> =>
    open.fire({
      hook: 'order-sign',
      context: { draftOrders: collection(drafts) },
      pending: {
        step: 'sign',
        proceed: () =>
          Promise.all(drafts.map((draft) => put({ ...draft, status: 'active' }))).then(() => undefined),
      },
    });
  const record = async (id: string): Promise<void> => {
    close();
    const condition = newProblem(id, writer);
    if (condition === undefined) return;
    await open.fire({ hook: 'problem-list-item-create', context: { conditions: collection([condition]) } });
    await open.write(() => put(condition));
  };
  const book = async (id: string, day: string): Promise<void> => {
    close();
    const appointment = proposedAppointment(id, day, writer);
    if (appointment === undefined) return;
    await open.fire({
      hook: 'appointment-book',
      context: { appointments: collection([appointment]) },
      pending: { step: 'book', proceed: () => put({ ...appointment, status: 'booked' }) },
    });
  };
  const discharge = async (): Promise<void> => {
    if (encounter === undefined) return;
    await open.fire({
      hook: 'encounter-discharge',
      pending: {
        step: 'discharge',
        proceed: () =>
          put({ ...encounter, status: 'finished', period: { ...encounter.period, end: writer.today } }),
      },
    });
  };
  const launch = async (link: Link): Promise<void> => {
    await open.write(async () => {
      const app = await launchApp(link, { patient: patientId, encounter: encounter?.id }, baseUrl);
      setDialog({ app, title: link.label });
    });
  };

  return (
    <>
      <header className="banner">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {patientName(chart.patient)}
          </h1>
          <p>
            {date(chart.patient.birthDate)}
            {age !== undefined && ` · ${t('age', { age })}`}
            {chart.patient.gender !== undefined && ` · ${t(`gender.${chart.patient.gender}`)}`}
          </p>
        </div>
        <div className="actions" role="group" aria-label={t('actions')}>
          <button
            type="button"
            className="primary"
            onClick={() => {
              setDialog('order');
            }}
          >
            {t('newOrder')}
          </button>
          <button
            type="button"
            onClick={() => {
              setDialog('problem');
            }}
          >
            {t('recordMetastasis')}
          </button>
          <button
            type="button"
            onClick={() => {
              setDialog('booking');
            }}
          >
            {t('book')}
          </button>
          <button
            type="button"
            disabled={encounter === undefined}
            onClick={() => {
              void discharge();
            }}
          >
            {t('discharge')}
          </button>
          <button
            type="button"
            onClick={() => {
              void launch({ label: t('scoresApp'), url: `${baseUrl}/smart/launch`, type: 'smart' });
            }}
          >
            {t('scoresApp')}
          </button>
        </div>
      </header>
      {problem !== undefined && (
        <Problem title={t('writeFailed')} status={problem.status} issues={problem.issues} />
      )}
      {drafts.length > 0 && (
        <section className="panel drafts" aria-labelledby="drafts-title">
          <h2 id="drafts-title">{t('drafts')}</h2>
          <ul>
            {drafts.map((draft) => (
              <li key={draft.id}>
                <span>{orderText(draft)}</span>
                <button
                  type="button"
                  className="quiet"
                  aria-label={t('removeDraft', { order: orderText(draft) })}
                  onClick={() => {
                    void open.write(() => remove(referenceTo(draft)));
                  }}
                >
                  {t('remove')}
                </button>
              </li>
            ))}
          </ul>
          <button
            type="button"
            className="primary"
            disabled={open.asking}
            onClick={() => {
              void sign();
            }}
          >
            {t('sign')}
          </button>
        </section>
      )}
      <div className="work">
        <AdvicePanel
          open={open}
          onLaunch={(link) => {
            void launch(link);
          }}
        />
        <ChartView chart={chart} />
      </div>
      {dialog === 'order' && (
        <CatalogueDialog
          title="newOrder"
          confirm="draftIt"
          entries={orderable}
          onClose={close}
          onChoose={(id) => {
            void order(id);
          }}
        />
      )}
      {dialog === 'problem' && (
        <CatalogueDialog
          title="recordMetastasis"
          confirm="recordIt"
          entries={recordable}
          onClose={close}
          onChoose={(id) => {
            void record(id);
          }}
        />
      )}
      {dialog === 'booking' && (
        <CatalogueDialog
          title="book"
          confirm="bookIt"
          entries={bookable}
          day={writer.today}
          onClose={close}
          onChoose={(id, day) => {
            void book(id, day);
          }}
        />
      )}
      {typeof dialog === 'object' && (
        <Dialog
          title={dialog.title}
          close={t('close')}
          size="wide"
          onClose={() => {
            close();
            void open.reopen();
          }}
        >
          <AppFrame
            title={dialog.title}
            src={dialog.app}
            onDone={() => {
              close();
              void open.reopen();
            }}
          />
        </Dialog>
      )}
    </>
  );
}
