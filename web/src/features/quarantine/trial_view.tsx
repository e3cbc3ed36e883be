import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ChangedRow, MappingTrial, RowOutcome } from '../../api/types';
import { DataTable } from '../../ui/data_table';
import { EmptyNote, Notice } from '../../ui/notice';
import { Section } from '../../ui/page';
import { Fact, Facts } from '../../ui/facts';
import { useFormat } from '../../ui/use_format';
import { screenPaths } from '../screen_paths';

const changes = ['mended', 'still_bad', 'left_out', 'spoiled', 'altered', 'lost', 'gained'] as const;

/** The difference that a tried mapping makes: how many rows of each kind, then the first of them. */
export function TrialView({ trial }: { trial: MappingTrial }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Section title={t('mapping.result')} hint={t('mapping.result_hint', { count: trial.deliveries })}>
      <Facts boxed>
        {changes.filter((change) => trial.counts[change] > 0).map((change) => <Fact key={change} name={t(`row_change.${change}`)}>{format.count(trial.counts[change])}</Fact>)}
        <Fact name={t('mapping.unchanged')}>{format.count(trial.unchanged)}</Fact>
      </Facts>
      {trial.unread.length > 0 && <Unread unread={trial.unread} />}
      {trial.rows.length === 0 ? <EmptyNote>{t('mapping.no_difference')}</EmptyNote> : <RowsTable rows={trial.rows} />}
    </Section>
  );
}

/** Deliveries that have no part in the numbers, each with the reason. */
function Unread({ unread }: { unread: MappingTrial['unread'] }) {
  const { t } = useTranslation();
  return (
    <Notice title={t('mapping.unread', { count: unread.length })} testId="trial-unread">
      <ul>
        {unread.map((one) => <li key={one.delivery}><Link to={screenPaths.delivery(one.delivery)}>{t('mapping.unread_delivery', { sequence: one.delivery })}</Link>: {one.message || one.reason}</li>)}
      </ul>
    </Notice>
  );
}

function RowsTable({ rows }: { rows: readonly ChangedRow[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <DataTable stacks
      caption={t('mapping.result')}
      head={<>
        <th scope="col">{t('mapping.change')}</th><th scope="col" data-align="end">{t('quarantine.delivery')}</th>
        <th scope="col" data-align="end">{t('quarantine.row')}</th><th scope="col">{t('mapping.before')}</th><th scope="col">{t('mapping.after')}</th>
      </>}
    >
      {rows.map((row) => (
        <tr key={`${row.delivery} ${row.raw_row}`} data-testid="trial-row" data-change={row.change}>
          <th scope="row">{t(`row_change.${row.change}`)}</th>
          <td data-align="end"><Link to={screenPaths.delivery(row.delivery)}>{row.delivery}</Link></td>
          <td data-align="end">{format.count(row.raw_row)}</td>
          <td><Outcome outcome={row.before} other={row.after} /></td>
          <td><Outcome outcome={row.after} other={row.before} /></td>
        </tr>
      ))}
    </DataTable>
  );
}

/** What is wrong, or the values; where the row is taken on both sides, only those that differ. */
function Outcome({ outcome, other }: { outcome: RowOutcome; other: RowOutcome }) {
  const { t } = useTranslation();
  if (outcome.faults.length > 0) {
    return <>{outcome.faults.map((fault, index) => <div key={index}>{t(`reason.${fault.reason}`)}{fault.column !== null && ` · ${fault.column}`} <code>{fault.value ?? ''}</code></div>)}</>;
  }
  if (outcome.records.length === 0) return <>{t('mapping.nothing')}</>;
  return <>{outcome.records.map((record, index) => <div key={index}><code>{valuesOf(record, other.records[index])}</code></div>)}</>;
}

function valuesOf(record: Record<string, string>, other: Record<string, string> | undefined): string {
  return Object.entries(record).filter(([column, value]) => (other === undefined ? value !== '' : other[column] !== value)).map(([column, value]) => `${column}=${value}`).join('  ');
}
