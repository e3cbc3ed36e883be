import { Button, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { apiPaths, type QuarantineFilter } from '../../api/paths';
import { useQuarantine, useSession } from '../../api/queries';
import { useQuarantineSummary } from '../../api/quarantine_queries';
import type { QuarantinedRow, QuarantineGroup } from '../../api/types';
import { DataTable } from '../../ui/data_table';
import { EmptyNote, LoadingLines, ProblemNotice } from '../../ui/notice';
import { Page, Section } from '../../ui/page';
import { useFormat } from '../../ui/use_format';
import classes from '../controls.module.css';
import { SourceFilter } from '../deliveries_page';
import { SourceTitle } from '../delivery_facts';
import { MoreButton } from '../more_button';
import { screenPaths } from '../screen_paths';
import { useScreenParameters } from '../use_screen_parameters';
import { BulkDecision } from './decision_form';
import { filterOf, parametersOf } from './filter';
import { ReplayControl } from './replay_control';
import { RowDrawer } from './row_drawer';

/** What was not accepted: first counted by what is wrong, then row by row, then one row with its bytes and what can be decided. */
export function QuarantinePage() {
  const { t } = useTranslation();
  const { get } = useScreenParameters();
  const isAdministrator = useSession().data?.role === 'administrator';
  const filter = filterOf(get);
  const isNarrowed = filter.reason !== null || filter.column !== null || filter.dataset !== null;
  return (
    <Page title={t('quarantine.title')} lead={t('quarantine.intro')} actions={<Filters filter={filter} />}>
      {!isNarrowed && <Summary filter={filter} />}
      <Rows filter={filter} isNarrowed={isNarrowed} mayDecide={isAdministrator && isNarrowed} />
      {isAdministrator && <ReplayControl source={filter.source} />}
    </Page>
  );
}

function Filters({ filter }: { filter: QuarantineFilter }) {
  const { t } = useTranslation();
  const { change } = useScreenParameters();
  return (
    <>
      {filter.delivery !== null && <Link to={screenPaths.delivery(Number(filter.delivery))}>{t('quarantine.of_delivery', { sequence: filter.delivery })}</Link>}
      <SourceFilter />
      <NativeSelect
        label={t('quarantine.show')} value={filter.open ? '' : 'false'} onChange={(event) => { change({ open: event.currentTarget.value || null }); }}
        data={[{ value: '', label: t('quarantine.open_only') }, { value: 'false', label: t('quarantine.all') }]}
      />
      <a href={apiPaths.quarantine(filter, null, 'csv')} download>{t('state.yes_csv')}</a>
    </>
  );
}

function Rows({ filter, isNarrowed, mayDecide }: { filter: QuarantineFilter; isNarrowed: boolean; mayDecide: boolean }) {
  const { t } = useTranslation();
  const query = useQuarantine(filter);
  const rows = query.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <Section title={t('quarantine.rows')}>
        {isNarrowed && <Narrowed filter={filter} />}
        {rows === undefined ? (query.error ? <ProblemNotice problem={query.error} onRetry={() => void query.refetch()} /> : <LoadingLines lines={8} />)
          : rows.length === 0 ? <EmptyNote>{t('quarantine.empty')}</EmptyNote> : <QuarantineTable rows={rows} />}
        {rows && <MoreButton query={query} count={rows.length} />}
      </Section>
      {mayDecide && rows !== undefined && <BulkDecision key={apiPaths.decisions(filter)} filter={filter} rows={rows} isWhole={!query.hasNextPage} />}
      <RowDrawer rows={rows ?? []} />
    </>
  );
}

function Summary({ filter }: { filter: QuarantineFilter }) {
  const { t } = useTranslation();
  const summary = useQuarantineSummary(filter);
  return (
    <Section title={t('quarantine.summary')} hint={t('quarantine.summary_hint')}>
      {summary.data === undefined ? (summary.error ? <ProblemNotice problem={summary.error} onRetry={() => void summary.refetch()} /> : <LoadingLines lines={4} />)
        : summary.data.items.length === 0 ? <EmptyNote>{t('quarantine.empty')}</EmptyNote> : <SummaryTable groups={summary.data.items} />}
      {summary.data?.truncated === true && <p>{t('quarantine.summary_truncated')}</p>}
    </Section>
  );
}

function SummaryTable({ groups }: { groups: readonly QuarantineGroup[] }) {
  const { t } = useTranslation();
  const { change } = useScreenParameters();
  const format = useFormat();
  return (
    <DataTable stacks
      caption={t('quarantine.summary')}
      head={<>
        <th scope="col">{t('quarantine.reason')}</th><th scope="col">{t('quarantine.column')}</th><th scope="col">{t('deliveries.source')}</th>
        <th scope="col">{t('quarantine.dataset')}</th><th scope="col" data-align="end">{t('quarantine.rows')}</th>
        <th scope="col" data-align="end">{t('quarantine.deliveries')}</th><th scope="col">{t('quarantine.last')}</th>
      </>}
    >
      {groups.map((group) => (
        <tr key={[group.source, group.dataset, group.column, group.reason].join(' ')} data-testid="quarantine-group">
          <th scope="row">
            <Button variant="subtle" size="compact-sm" onClick={() => { change(parametersOf(group)); }}>{t(`reason.${group.reason}`)}</Button>
          </th>
          <td>{group.column ?? t('quarantine.whole_row')}</td>
          <td><SourceTitle name={group.source} /></td>
          <td>{group.dataset ?? '–'}</td>
          <td data-align="end">{format.count(group.rows)}</td>
          <td data-align="end">{format.count(group.deliveries)}</td>
          <td data-nowrap="">{format.moment(group.last_recorded_at)}</td>
        </tr>
      ))}
    </DataTable>
  );
}

/** What the list is narrowed to, the way back, and the way to the mapping. */
function Narrowed({ filter }: { filter: QuarantineFilter }) {
  const { t } = useTranslation();
  const { change } = useScreenParameters();
  const isAdministrator = useSession().data?.role === 'administrator';
  const words = [
    filter.reason === null ? null : t(`reason.${filter.reason as 'not_allowed'}`),
    filter.column === null ? null : filter.column === '-' ? t('quarantine.whole_row') : filter.column,
    filter.dataset,
  ].filter((word) => word !== null);
  return (
    <div className={classes['group']} data-testid="narrowed">
      <span>{words.join(' · ')}</span>
      <Button variant="default" size="xs" onClick={() => { change({ reason: null, column: null, dataset: null }); }}>{t('quarantine.widen')}</Button>
      {isAdministrator && filter.source !== null && filter.dataset !== null && (
        <Link to={screenPaths.mapping(filter.source, filter.dataset)}>{t('quarantine.mend')}</Link>
      )}
    </div>
  );
}

function QuarantineTable({ rows }: { rows: readonly QuarantinedRow[] }) {
  const { t } = useTranslation();
  const { change } = useScreenParameters();
  const format = useFormat();
  return (
    <DataTable stacks
      caption={t('quarantine.title')}
      head={<>
        <th scope="col">{t('quarantine.reason')}</th><th scope="col">{t('quarantine.column')}</th><th scope="col">{t('quarantine.value')}</th>
        <th scope="col">{t('deliveries.source')}</th><th scope="col">{t('quarantine.dataset')}</th><th scope="col" data-align="end">{t('quarantine.row')}</th>
        <th scope="col" data-align="end">{t('quarantine.delivery')}</th><th scope="col">{t('quarantine.recorded_at')}</th>
      </>}
    >
      {rows.map((row) => (
        <tr key={row.id} data-testid="quarantined-row">
          <th scope="row">
            <Button variant="subtle" size="compact-sm" onClick={() => { change({ opened: String(row.id) }); }}>{t(`reason.${row.reason}`)}</Button>
            <RowState row={row} />
            <span className={classes['note']}>{row.message}</span>
          </th>
          <td>{row.column ?? t('quarantine.whole_row')}</td>
          <td><code>{row.value ?? '–'}</code></td>
          <td><SourceTitle name={row.source} /></td>
          <td>{row.dataset ?? '–'}</td>
          <td data-align="end">{format.count(row.raw_row)}</td>
          <td data-align="end"><Link to={screenPaths.delivery(row.delivery)}>{row.delivery}</Link></td>
          <td data-nowrap="">{format.moment(row.recorded_at, true)}</td>
        </tr>
      ))}
    </DataTable>
  );
}

function RowState({ row }: { row: QuarantinedRow }) {
  const { t } = useTranslation();
  const verdict = row.decision?.verdict;
  return (
    <>
      {row.resolved_by !== null && <> ({t('quarantine.resolved', { sequence: row.resolved_by })})</>}
      {verdict !== undefined && verdict !== 'reopened' && <> ({t(`verdict.${verdict}`)})</>}
    </>
  );
}
