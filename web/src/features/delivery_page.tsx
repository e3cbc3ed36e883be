import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { apiPaths } from '../api/paths';
import { useDelivery, useReplay, useSession } from '../api/queries';
import type { Delivery } from '../api/types';
import { Balances } from '../panels/balances';
import { LoadingLines, ProblemNotice } from '../ui/notice';
import { Page, Section } from '../ui/page';
import { DeliveryFacts } from './delivery_facts';
import { screenPaths } from './screen_paths';

/** One delivery with both balances. */
export function DeliveryPage() {
  const { t } = useTranslation();
  const { sequence = '' } = useParams();
  const delivery = useDelivery(sequence);
  return (
    <Page
      title={t('delivery.title', { sequence })} lead={<Link to={screenPaths.deliveries()}>{t('delivery.to_list')}</Link>}
      actions={delivery.data && <DeliveryActions delivery={delivery.data} />}
    >
      {delivery.data ? (
        <>
          <Section title={t('delivery.balances')}><Balances counts={delivery.data.counts} /></Section>
          <DeliveryFacts delivery={delivery.data} />
        </>
      ) : delivery.error ? <ProblemNotice problem={delivery.error} onRetry={() => void delivery.refetch()} /> : <LoadingLines lines={8} />}
    </Page>
  );
}

function DeliveryActions({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const session = useSession().data;
  const replay = useReplay(session?.csrf_token ?? null);
  return (
    <>
      {delivery.counts.quarantined + delivery.counts.in_conflict + delivery.counts.refused > 0 && (
        <Link to={screenPaths.quarantine(delivery.replay_of ?? delivery.sequence)}>{t('delivery.see_quarantine')}</Link>
      )}
      <a href={apiPaths.payload(delivery.sequence)} download>{t('delivery.payload')}</a>
      {session?.role === 'administrator' && (
        <Button variant="default" loading={replay.isPending} onClick={() => { replay.mutate(delivery.replay_of ?? delivery.sequence); }}>{t('delivery.replay')}</Button>
      )}
      {replay.error && <ProblemNotice problem={replay.error} />}
      {replay.data && <p role="status"><Link to={screenPaths.delivery(replay.data.sequence)}>{t('delivery.replayed', { sequence: replay.data.sequence })}</Link></p>}
    </>
  );
}
