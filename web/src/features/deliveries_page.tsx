import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useDeliveries, useSources } from '../api/queries';
import type { Delivery } from '../api/types';
import { ControlTotalsText } from '../ui/contract_notes';
import { DataTable } from '../ui/data_table';
import { TrustMarks } from '../ui/judgement';
import { EmptyNote, LoadingLines, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';
import { useFormat } from '../ui/use_format';
import { SourceTitle } from './delivery_facts';
import { MoreButton } from './more_button';
import { screenPaths } from './screen_paths';
import { useScreenParameters } from './use_screen_parameters';

/** Chooses one source or all of them. */
export function SourceFilter() {
  const { t } = useTranslation();
  const format = useFormat();
  const { get, change } = useScreenParameters();
  const sources = useSources().data?.items ?? [];
  return (
    <NativeSelect
      label={t('deliveries.source')} value={get('source') ?? ''}
      onChange={(event) => { change({ source: event.currentTarget.value || null }); }}
      data={[{ value: '', label: t('state.filter_all') }, ...sources.map((source) => ({ value: source.name, label: format.text(source.title) }))]}
    />
  );
}

/** Deliveries, newest first. */
export function DeliveriesPage() {
  const { t } = useTranslation();
  const { get } = useScreenParameters();
  const query = useDeliveries(get('source'));
  const deliveries = query.data?.pages.flatMap((page) => page.items);
  return (
    <Page title={t('deliveries.title')} actions={<SourceFilter />}>
      {deliveries === undefined ? (query.error ? <ProblemNotice problem={query.error} onRetry={() => void query.refetch()} /> : <LoadingLines lines={8} />)
        : deliveries.length === 0 ? <EmptyNote>{t('deliveries.empty')}</EmptyNote> : <DeliveriesTable deliveries={deliveries} />}
      {deliveries && <MoreButton query={query} count={deliveries.length} />}
    </Page>
  );
}

function DeliveriesTable({ deliveries }: { deliveries: readonly Delivery[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <DataTable stacks
      caption={t('deliveries.title')}
      head={<>
        <th scope="col" data-align="end">{t('deliveries.sequence')}</th><th scope="col">{t('deliveries.source')}</th>
        <th scope="col">{t('deliveries.received_at')}</th><th scope="col">{t('deliveries.outcome_label')}</th>
        <th scope="col" data-align="end">{t('deliveries.raw_rows')}</th><th scope="col" data-align="end">{t('deliveries.accepted')}</th>
        <th scope="col" data-align="end">{t('deliveries.quarantined')}</th><th scope="col" data-align="end">{t('deliveries.size')}</th>
      </>}
    >
      {deliveries.map((delivery) => (
        <tr key={delivery.sequence} data-testid="delivery">
          <th scope="row" data-align="end"><Link to={screenPaths.delivery(delivery.sequence)}>{delivery.sequence}</Link></th>
          <td><SourceTitle name={delivery.source} /></td>
          <td data-nowrap="">{format.moment(delivery.received_at, true)}</td>
          <td>
            {t(`outcome.${delivery.outcome}`)}
            {delivery.contract?.control_totals && <><br /><ControlTotalsText control={delivery.contract.control_totals} /></>}
            {delivery.contract?.drift && <><br /><TrustMarks marks={['drifting']} /></>}
            {delivery.contract?.unusual_volume && <><br /><TrustMarks marks={['unusual_volume']} /></>}
          </td>
          <td data-align="end">{format.count(delivery.counts.raw_rows)}</td>
          <td data-align="end">{format.count(delivery.counts.accepted)}</td>
          <td data-align="end">{format.count(delivery.counts.quarantined)}</td>
          <td data-align="end" data-nowrap="">{format.bytes(delivery.payload_bytes)}</td>
        </tr>
      ))}
    </DataTable>
  );
}
