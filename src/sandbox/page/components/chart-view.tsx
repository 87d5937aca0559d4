import type { ReactNode } from 'react';
import type { Condition } from 'fhir/r4.js';
import {
  appointmentsOf,
  conceptText,
  lesionsOf,
  orderText,
  ordersOf,
  resultsOf,
  type Chart,
} from '../chart.js';
import { ofType } from '../fhir-server.js';
import { useWording, type Wording } from '../language.js';
import { LesionPicture } from './lesion-picture.js';
import { ObservationValue } from './observation-value.js';

interface TableProps {
  readonly title: string;
  /** Shown above the table. */
  readonly picture?: ReactNode;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly id: string; readonly cells: readonly ReactNode[] }[];
}

function ChartTable({ title, picture, columns, rows }: TableProps): ReactNode {
  const { t } = useWording();
  return (
    <section className="panel">
      <h2>{title}</h2>
      {picture}
      {rows.length === 0 ? (
        <p className="note">{t('none')}</p>
      ) : (
        <table className="chart-table">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ id, cells }) => (
              <tr key={id}>
                {cells.map((cell, index) => (
                  <td key={columns[index]} data-label={t('labelled', { label: columns[index] ?? '' })}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** The clinical status; and, unless confirmed, how far the problem can be believed. */
function ConditionState({ condition }: { readonly condition: Condition }): ReactNode {
  const { status } = useWording();
  const [clinical] = condition.clinicalStatus?.coding ?? [];
  const [verification] = condition.verificationStatus?.coding ?? [];
  const doubt = verification?.code !== 'confirmed' ? verification?.code : undefined;
  return (
    <>
      {status(clinical?.code ?? '')} {doubt !== undefined && <span className="flag">{status(doubt)}</span>}
    </>
  );
}

function idOf(resource: { readonly id?: string | undefined }): string {
  return resource.id ?? '';
}

function medicationRows(chart: Chart, { date, status: stateOf }: Wording): TableProps['rows'] {
  const ordered = ofType(chart.resources, 'MedicationRequest')
    .filter(({ status }) => status !== 'draft')
    .map((order) => ({
      id: idOf(order),
      cells: [
        conceptText(order.medicationCodeableConcept),
        order.dosageInstruction?.[0]?.text ?? '',
        stateOf(order.status),
        date(order.authoredOn),
      ],
    }));
  const given = ofType(chart.resources, 'MedicationAdministration')
    .toSorted((a, b) => (b.effectiveDateTime ?? '').localeCompare(a.effectiveDateTime ?? ''))
    .map((dose) => ({
      id: idOf(dose),
      cells: [
        conceptText(dose.medicationCodeableConcept),
        dose.dosage?.text ?? '',
        stateOf(dose.status),
        date(dose.effectiveDateTime),
      ],
    }));
  return [...ordered, ...given];
}

/** The chart as its resources say it: dates at their own precision, values with their own units, nothing filled in. */
export function ChartView({ chart }: { readonly chart: Chart }): ReactNode {
  const wording = useWording();
  const { t, date, status: stateOf } = wording;
  const services = ordersOf(chart).filter(
    (order) => order.resourceType === 'ServiceRequest' && order.status !== 'draft',
  );
  return (
    <div className="chart" role="region" aria-label={t('chart')} tabIndex={0}>
      <ChartTable
        title={t('problems')}
        columns={[t('problem'), t('site'), t('state'), t('since')]}
        rows={ofType(chart.resources, 'Condition').map((condition) => ({
          id: idOf(condition),
          cells: [
            conceptText(condition.code),
            (condition.bodySite ?? []).map(conceptText).join(', '),
            <ConditionState key="state" condition={condition} />,
            date(condition.onsetDateTime ?? condition.recordedDate),
          ],
        }))}
      />
      <ChartTable
        title={t('lesions')}
        picture={<LesionPicture chart={chart} />}
        columns={[t('site'), t('finding'), t('value'), t('date')]}
        rows={lesionsOf(chart).flatMap(({ lesion, site, findings }) =>
          findings.length === 0
            ? [{ id: idOf(lesion), cells: [site, t('noFinding'), '', ''] }]
            : findings.map((finding) => ({
                id: `${idOf(lesion)}-${idOf(finding)}`,
                cells: [
                  site,
                  conceptText(finding.code),
                  <ObservationValue key="value" observation={finding} />,
                  date(finding.effectiveDateTime),
                ],
              })),
        )}
      />
      <ChartTable
        title={t('results')}
        columns={[t('result'), t('value'), t('date')]}
        rows={resultsOf(chart).map((result) => ({
          id: idOf(result),
          cells: [
            conceptText(result.code),
            <ObservationValue key="value" observation={result} />,
            date(result.effectiveDateTime),
          ],
        }))}
      />
      <ChartTable
        title={t('medications')}
        columns={[t('medication'), t('dose'), t('state'), t('date')]}
        rows={medicationRows(chart, wording)}
      />
      <ChartTable
        title={t('orders')}
        columns={[t('order'), t('state'), t('date')]}
        rows={[
          ...services.map((order) => ({
            id: idOf(order),
            cells: [orderText(order), stateOf(order.status), date(order.authoredOn)],
          })),
          ...appointmentsOf(chart).map((appointment) => ({
            id: idOf(appointment),
            cells: [
              t('appointmentFor', { what: (appointment.serviceType ?? []).map(conceptText).join(', ') }),
              stateOf(appointment.status),
              date(appointment.start),
            ],
          })),
        ]}
      />
      <ChartTable
        title={t('history')}
        columns={[t('act'), t('state'), t('date')]}
        rows={[
          ...ofType(chart.resources, 'Procedure').map((procedure) => ({
            id: idOf(procedure),
            cells: [
              conceptText(procedure.code),
              stateOf(procedure.status),
              date(procedure.performedDateTime),
            ],
          })),
          ...ofType(chart.resources, 'DiagnosticReport').map((report) => ({
            id: idOf(report),
            cells: [conceptText(report.code), stateOf(report.status), date(report.effectiveDateTime)],
          })),
        ]}
      />
    </div>
  );
}
