import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { apiPaths, type QuarantineFilter } from '../api/paths';
import { useQuarantine } from '../api/queries';
import type { QuarantineList } from '../api/types';
import { DataTable } from '../ui/data_table';
import { EmptyNote, LoadingLines, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';
import { useFormat } from '../ui/use_format';
import classes from './controls.module.css';
import { SourceFilter } from './deliveries_page';
import { SourceTitle } from './delivery_facts';
import { MoreButton } from './more_button';
import { screenPaths } from './screen_paths';
import { useScreenParameters } from './use_screen_parameters';

/** Rows that were not accepted, with the reason and their place. */
export function QuarantinePage() {
  const { t } = useTranslation();
  const { get, change } = useScreenParameters();
  const filter: QuarantineFilter = { delivery: get('delivery'), source: get('source'), open: get('open') !== 'false' };
  const query = useQuarantine(filter);
  const rows = query.data?.pages.flatMap((page) => page.items);
  return (
    <Page
      title={t('quarantine.title')} lead={t('quarantine.intro')}
      actions={<>
        {filter.delivery !== null && <Link to={screenPaths.delivery(Number(filter.delivery))}>{t('quarantine.of_delivery', { sequence: filter.delivery })}</Link>}
        <SourceFilter />
        <NativeSelect
          label={t('quarantine.show')} value={filter.open ? '' : 'false'} onChange={(event) => { change({ open: event.currentTarget.value || null }); }}
          data={[{ value: '', label: t('quarantine.open_only') }, { value: 'false', label: t('quarantine.all') }]}
        />
        <a href={apiPaths.quarantine(filter, null, 'csv')} download>{t('state.yes_csv')}</a>
      </>}
    >
      {rows === undefined ? (query.error ? <ProblemNotice problem={query.error} onRetry={() => void query.refetch()} /> : <LoadingLines lines={8} />)
        : rows.length === 0 ? <EmptyNote>{t('quarantine.empty')}</EmptyNote> : <QuarantineTable rows={rows} />}
      {rows && <MoreButton query={query} count={rows.length} />}
    </Page>
  );
}

function QuarantineTable({ rows }: { rows: QuarantineList['items'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <DataTable
      caption={t('quarantine.title')}
      head={<>
        <th scope="col">{t('quarantine.reason')}</th><th scope="col">{t('quarantine.column')}</th><th scope="col">{t('quarantine.value')}</th>
        <th scope="col">{t('deliveries.source')}</th><th scope="col">{t('quarantine.dataset')}</th><th scope="col" data-align="end">{t('quarantine.row')}</th>
        <th scope="col" data-align="end">{t('quarantine.offset')}</th><th scope="col" data-align="end">{t('quarantine.delivery')}</th>
        <th scope="col">{t('quarantine.recorded_at')}</th>
      </>}
    >
      {rows.map((row) => (
        <tr key={row.id} data-testid="quarantined-row">
          <th scope="row">
            {t(`reason.${row.reason}`)}
            {row.resolved_by !== null && <> ({t('quarantine.resolved', { sequence: row.resolved_by })})</>}
            <span className={classes['note']}>{row.message}</span>
          </th>
          <td>{row.column ?? t('quarantine.whole_row')}</td>
          <td><code>{row.value ?? '–'}</code></td>
          <td><SourceTitle name={row.source} /></td>
          <td>{row.dataset ?? '–'}</td>
          <td data-align="end">{format.count(row.raw_row)}</td>
          <td data-align="end">{format.count(row.byte_offset)}</td>
          <td data-align="end"><Link to={screenPaths.delivery(row.delivery)}>{row.delivery}</Link></td>
          <td data-nowrap="">{format.moment(row.recorded_at, true)}</td>
        </tr>
      ))}
    </DataTable>
  );
}
