import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from 'react';
import type { Link } from '../../../cds-hooks/types.js';
import { Dialog } from '../../../ui/dialog.js';
import type { CdsClient } from '../cds-client.js';
import { draftsOf, encounterOf, orderText, patientName, referenceTo, type Chart } from '../chart.js';
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
import { appointmentText, booking, discharge, signing } from '../moments.js';
import type { Act } from '../scenarios.js';
import { useChart, userId } from '../use-chart.js';
import { useDecision } from '../use-decision.js';
import { AdvicePanel } from './advice-panel.js';
import { AppFrame } from './app-frame.js';
import { CatalogueDialog } from './catalogue-dialog.js';
import { ChartView } from './chart-view.js';
import { DecisionDialog } from './decision-dialog.js';
import { DraftsBar } from './drafts-bar.js';
import { PatientBanner } from './patient-banner.js';
import { Problem } from './problem.js';

interface PatientPageProps {
  readonly client: CdsClient;
  readonly baseUrl: string;
  readonly patientId: string;
  readonly withPrefetch: boolean;
  /** Done once the chart is open. */
  readonly act: Act | undefined;
  readonly onActed: () => void;
  /** Shown in the place of the chart, beside the cards. */
  readonly drawer: ReactNode;
}

type OpenDialog = 'order' | 'problem' | 'booking' | { readonly app: string; readonly title: string };

/** Civil date of this machine, YYYY-MM-DD. */
function today(): string {
  const now = new Date();
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** An open chart: who it is, what can be done, what the services advise, what the chart holds. */
export function PatientPage(props: PatientPageProps): ReactNode {
  const { client, baseUrl, patientId, withPrefetch, act, onActed, drawer } = props;
  const { t, date, language } = useWording();
  const open = useChart(client, patientId, { withPrefetch, manner: `${language} ${String(withPrefetch)}` });
  const deciding = useDecision(open, client, withPrefetch);
  const [dialog, setDialog] = useState<OpenDialog>();
  const acted = useRef(false);
  const { chart, problem } = open;
  const writer = { userId, patientId, today: today(), language };
  const close = (): void => {
    setDialog(undefined);
  };

  const order = async (id: string, about: Chart): Promise<Chart | undefined> => {
    close();
    const draft = draftOrder(id, writer);
    const written = draft === undefined ? undefined : await open.write(() => put(draft));
    if (draft === undefined || written === undefined) return undefined;
    await open.fire(
      {
        hook: 'order-select',
        context: { selections: [referenceTo(draft)], draftOrders: collection([...draftsOf(about), draft]) },
      },
      written,
    );
    return written;
  };
  const record = async (id: string): Promise<void> => {
    close();
    const condition = newProblem(id, writer);
    if (condition === undefined) return;
    await open.fire({ hook: 'problem-list-item-create', context: { conditions: collection([condition]) } });
    await open.write(() => put(condition));
  };
  const book = async (id: string, day: string, about: Chart): Promise<void> => {
    close();
    const appointment = proposedAppointment(id, day, writer);
    if (appointment === undefined) return;
    const moment = booking(appointment, (booked) => `${appointmentText(booked)}, ${date(booked.start)}`);
    await deciding.begin(moment, about);
  };
  const leave = (about: Chart): Promise<void> =>
    deciding.begin(discharge(writer.today, t('dischargeOn', { day: date(writer.today) })), about);
  const launch = async (link: Link): Promise<void> => {
    deciding.close();
    await open.write(async () => {
      const encounter = chart === undefined ? undefined : encounterOf(chart)?.id;
      const app = await launchApp(link, { patient: patientId, encounter }, baseUrl);
      setDialog({ app, title: link.label });
    });
  };

  const perform = useEffectEvent(async (wanted: Act, about: Chart) => {
    if (wanted.kind === 'discharge') await leave(about);
    if (wanted.kind === 'record') await record(wanted.what);
    if (wanted.kind === 'book') await book(wanted.what, writer.today, about);
    if (wanted.kind === 'order') await order(wanted.what, about);
    if (wanted.kind === 'sign') {
      const drafted = await order(wanted.what, about);
      if (drafted !== undefined) await deciding.begin(signing, drafted);
    }
  });
  const isReady = open.asked && chart !== undefined;
  useEffect(() => {
    if (!isReady || act === undefined || acted.current) return;
    acted.current = true;
    onActed();
    void perform(act, chart);
  }, [act, chart, isReady, onActed]);

  const name = chart === undefined ? undefined : patientName(chart.patient);
  useEffect(() => {
    // Several charts may be open, each in a tab of its own.
    document.title = name === undefined ? t('title') : `${name} · ${t('title')}`;
  }, [name, t]);

  if (chart === undefined) {
    return problem === undefined ? (
      <p className="note" role="status">
        {t('loading')}
      </p>
    ) : (
      <Problem title={t('chartFailed')} status={problem.status} issues={problem.issues} />
    );
  }
  const drafts = draftsOf(chart);
  const { decision } = deciding;
  return (
    <>
      <div className="who">
        <PatientBanner
          chart={chart}
          today={writer.today}
          onOrder={() => {
            setDialog('order');
          }}
          onRecord={() => {
            setDialog('problem');
          }}
          onBook={() => {
            setDialog('booking');
          }}
          onDischarge={() => {
            void leave(chart);
          }}
          onScores={() => {
            void launch({ label: t('scoresApp'), url: `${baseUrl}/smart/launch`, type: 'smart' });
          }}
        />
        {drafts.length > 0 && (
          <DraftsBar
            drafts={drafts}
            isBusy={decision !== undefined}
            onRemove={(draft) => {
              void open.write(() => remove(referenceTo(draft))).then(() => open.refresh());
            }}
            onSign={() => {
              void deciding.begin(signing, chart);
            }}
          />
        )}
      </div>
      {problem !== undefined && (
        <Problem title={t('writeFailed')} status={problem.status} issues={problem.issues} />
      )}
      <div className="work">
        <AdvicePanel
          open={open}
          onLaunch={(link) => {
            void launch(link);
          }}
        />
        {drawer ?? <ChartView chart={chart} />}
      </div>
      {decision !== undefined && (
        <DecisionDialog
          key={decision.state === 'over' ? 'over' : 'deciding'}
          deciding={deciding}
          decision={decision}
          left={{
            orders: drafts.map(orderText),
            isBusy: open.asking,
            onSign: () => {
              void deciding.begin(signing, chart);
            },
          }}
          onLaunch={(link) => {
            void launch(link);
          }}
        />
      )}
      {dialog === 'order' && (
        <CatalogueDialog
          title="newOrder"
          confirm="draftIt"
          entries={orderable}
          onClose={close}
          onChoose={(id) => {
            void order(id, chart);
          }}
        />
      )}
      {dialog === 'problem' && (
        <CatalogueDialog
          title="recordLesion"
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
            void book(id, day, chart);
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
            void open.refresh();
          }}
        >
          <AppFrame
            title={dialog.title}
            src={dialog.app}
            onDone={() => {
              close();
              void open.refresh();
            }}
          />
        </Dialog>
      )}
    </>
  );
}
