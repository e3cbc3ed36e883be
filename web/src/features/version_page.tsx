import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useRawRows, useVersion } from '../api/queries';
import type { VersionWithDelivery } from '../api/types';
import { Balances } from '../panels/balances';
import { RawRowsView } from '../panels/raw_rows_view';
import { Fact, Facts } from '../ui/facts';
import { LoadingLines, ProblemNotice } from '../ui/notice';
import { Page, Section } from '../ui/page';
import { useFormat } from '../ui/use_format';
import { DeliveryFacts, SimulatedByDelivery } from './delivery_facts';
import { stateOf } from './panel_states';
import { screenPaths } from './screen_paths';

/** One version: the archived rows it came from, and its delivery. */
export function VersionPage() {
  const { t } = useTranslation();
  const { sequence = '' } = useParams();
  const version = useVersion(sequence);
  const raw = useRawRows(sequence);
  const answer = version.data;
  return (
    <Page
      title={t('version.title', { sequence })}
      lead={answer && <Link to={screenPaths.versions(answer.dataset, answer.key, null)}>{t('version.to_versions')}: {Object.values(answer.key).join(' · ')}</Link>}
    >
      {answer && <SimulatedByDelivery sequence={answer.delivery.sequence} />}
      <Section title={t('version.raw')} hint={t('version.raw_hint')}>
        <RawRowsView state={stateOf(raw)} />
      </Section>
      {answer ? <VersionDelivery answer={answer} /> : version.error
        ? <ProblemNotice problem={version.error} onRetry={() => void version.refetch()} /> : <LoadingLines />}
    </Page>
  );
}

function VersionDelivery({ answer }: { answer: VersionWithDelivery }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { version, delivery } = answer;
  return (
    <Section title={t('version.delivery')}>
      <Facts boxed>
        <Fact name={t('deliveries.sequence')}><Link to={screenPaths.delivery(delivery.sequence)}>{delivery.sequence}</Link></Fact>
        <Fact name={t('version.raw_rows')}>{version.raw_rows.map((row) => format.count(row)).join(', ')}</Fact>
        <Fact name={t('version.mapping_revision')}>{version.mapping_revision}</Fact>
        <Fact name={t('versions.recorded_at')}>{format.moment(version.recorded_at, true)}</Fact>
      </Facts>
      <DeliveryFacts delivery={delivery} />
      <Balances counts={delivery.counts} />
    </Section>
  );
}
