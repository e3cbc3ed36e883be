import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useDelivery, useSources } from '../api/queries';
import type { Delivery } from '../api/types';
import { ControlTotalsText, DriftList, MissingRows, UnusualVolumeText } from '../ui/contract_notes';
import { Fact, Facts } from '../ui/facts';
import { SimulatedNote, TrustMarks } from '../ui/judgement';
import { useFormat } from '../ui/use_format';
import { screenPaths } from './screen_paths';

/** A source's title with its mark when it is simulated; its name while titles are on their way. */
export function SourceTitle({ name }: { name: string }) {
  const format = useFormat();
  const source = useSources().data?.items.find((other) => other.name === name);
  return <>{source ? format.text(source.title) : name}{source?.simulated && <> <TrustMarks marks={['simulated']} /></>}</>;
}

/** The note of simulated data for what one delivery brought; nothing when it is real. */
export function SimulatedByDelivery({ sequence }: { sequence: number }) {
  const source = useDelivery(String(sequence)).data?.source;
  const simulated = useSources().data?.items.find((other) => other.name === source)?.simulated;
  return simulated ? <SimulatedNote /> : null;
}

/** Everything of a delivery but its balances. */
export function DeliveryFacts({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Facts boxed>
      <Fact name={t('deliveries.source')}><SourceTitle name={delivery.source} /></Fact>
      <Fact name={t('deliveries.outcome_label')}>{t(`outcome.${delivery.outcome}`)}</Fact>
      {delivery.old_codes && <Fact name={t('delivery.old_codes')}>{t('delivery.old_codes_value', { rows: format.count(delivery.old_codes.rows), ended: format.value(delivery.old_codes.ended, 'date') })}</Fact>}
      {delivery.contract?.control_totals && (
        <Fact name={t('contract.control_totals')}><ControlTotalsText control={delivery.contract.control_totals} /><MissingRows control={delivery.contract.control_totals} /></Fact>
      )}
      {delivery.contract?.drift && (
        <Fact name={t('contract.drift_since', { delivery: delivery.contract.drift.compared_with })}><DriftList drift={delivery.contract.drift} /></Fact>
      )}
      {delivery.contract?.unusual_volume && <Fact name={t('trust.unusual_volume')}><UnusualVolumeText volume={delivery.contract.unusual_volume} /></Fact>}
      {delivery.refusal && <Fact name={t('delivery.refusal')}>{delivery.refusal.message} (<code>{delivery.refusal.reason}</code>)</Fact>}
      <Fact name={t('deliveries.received_at')}>{format.moment(delivery.received_at, true)}</Fact>
      <Fact name={t('delivery.recorded_at')}>{format.moment(delivery.recorded_at, true)}</Fact>
      <Fact name={t('delivery.data_as_of')}>{delivery.data_as_of === null ? '–' : format.moment(delivery.data_as_of, true)}</Fact>
      <Fact name={t('delivery.format')}>{delivery.format.toUpperCase()}, {format.bytes(delivery.payload_bytes)}</Fact>
      <Fact name={t('delivery.file_name')}>{delivery.file_name ?? t('delivery.pushed')}</Fact>
      <Fact name={t('delivery.sha256')}><code>{delivery.payload_sha256}</code></Fact>
      <Fact name={t('delivery.mapping_revision')}>{delivery.mapping_revision}</Fact>
      {delivery.replay_of !== null && <Fact name={t('delivery.replay_of')}><Link to={screenPaths.delivery(delivery.replay_of)}>{delivery.replay_of}</Link></Fact>}
    </Facts>
  );
}
