import type { ReactNode } from 'react';
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
import { ObservationValue } from './observation-value.js';

interface TableProps {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly id: string; readonly cells: readonly ReactNode[] }[];
}

function ChartTable({ title, columns, rows }: TableProps): ReactNode {
  const { t } = useWording();
  return (
    <section className="panel">
      <h2>{title}</h2>
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
    <div className="chart">
      <ChartTable
        title={t('problems')}
        columns={[t('problem'), t('site'), t('state'), t('since')]}
        rows={ofType(chart.resources, 'Condition').map((condition) => ({
          id: idOf(condition),
          cells: [
            conceptText(condition.code),
            (condition.bodySite ?? []).map(conceptText).join(', '),
            stateOf(condition.clinicalStatus?.coding?.[0]?.code ?? ''),
            date(condition.onsetDateTime ?? condition.recordedDate),
          ],
        }))}
      />
      <ChartTable
        title={t('lesions')}
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
