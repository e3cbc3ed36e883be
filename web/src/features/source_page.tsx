import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useSession, useSource, useSourcePause } from '../api/queries';
import type { Source, SourceDetail } from '../api/types';
import { Fact, Facts } from '../ui/facts';
import { EmptyNote, LoadingLines, ProblemNotice } from '../ui/notice';
import { Page, Section } from '../ui/page';
import { useFormat } from '../ui/use_format';
import { QualityView } from './quality_view';
import { screenPaths } from './screen_paths';
import { SourceEvents } from './source_events';
import { NextExpected, SourceStanding } from './source_standing';

/** One source: how it stands, what it has promised, how it stood before, and how good its data are. */
export function SourcePage() {
  const { name = '' } = useParams();
  const { t } = useTranslation();
  const format = useFormat();
  const query = useSource(name);
  return (
    <Page
      title={query.data ? format.text(query.data.source.title) : name}
      lead={<Link to={screenPaths.sources}>{t('sources.title')}</Link>}
      actions={query.data && <PauseControl source={query.data.source} />}
    >
      {query.error && <ProblemNotice problem={query.error} onRetry={() => void query.refetch()} />}
      {query.data ? <SourceBody detail={query.data} /> : !query.error && <LoadingLines lines={8} />}
    </Page>
  );
}

function SourceBody({ detail }: { detail: SourceDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { source, contract } = detail;
  const moment = (value: string | null) => (value === null ? '–' : format.moment(value, true));
  const duration = (seconds: number | null) => (seconds === null ? '–' : t('sources.age_working', { duration: format.duration(seconds) }));
  return (
    <>
      <Facts boxed>
        <Fact name={t('sources.state')}><SourceStanding source={source} /></Fact>
        <Fact name={t('sources.age')}>{moment(source.last_sign_of_life)}</Fact>
        <Fact name={t('sources.last_delivery')}>{moment(source.last_good_delivery_at)} <Link to={screenPaths.deliveries(source.name)}>{t('sources.see_deliveries')}</Link></Fact>
        <Fact name={t('sources.next')}><NextExpected source={source} /></Fact>
        <Fact name={t('sources.feeds')}>{source.feeds.map((figure) => format.text(figure.title)).join(', ') || '–'}</Fact>
      </Facts>
      <Section title={t('sources.contract')}>
        <Facts boxed>
          <Fact name={t('sources.owner')}>{format.text(source.owner) || '–'}</Fact>
          <Fact name={t('sources.connectors')}>{source.connectors.map((connector) => t(`sources.connector.${connector}`)).join(', ')}</Fact>
          <Fact name={t('sources.format')}>{contract.format}</Fact>
          <Fact name={t('sources.asked_every')}>{contract.asked_every_seconds === null ? '–' : format.duration(contract.asked_every_seconds)}</Fact>
          <Fact name={t('sources.silent_after')}>{duration(contract.silent_after_seconds)}</Fact>
          <Fact name={t('sources.late_after')}>{duration(contract.late_after_seconds)}</Fact>
          <Fact name={t('sources.calendar')}>{contract.working_calendar ?? t('sources.every_moment')}</Fact>
        </Facts>
      </Section>
      <Section title={t('source_events.title')} hint={t('source_events.hint')}>
        {detail.events.length === 0 ? <EmptyNote>{t('source_events.none')}</EmptyNote> : <SourceEvents events={detail.events} caption={t('source_events.title')} />}
      </Section>
      {contract.datasets.map((dataset) => <QualityView key={dataset} dataset={dataset} />)}
    </>
  );
}

/** For administrators: has the source stand still, with a reason, or go on. */
function PauseControl({ source }: { source: Source }) {
  const { t } = useTranslation();
  const session = useSession().data;
  const pause = useSourcePause(source.name, session?.csrf_token ?? null);
  const [reason, setReason] = useState('');
  if (session?.role !== 'administrator') return null;
  if (source.paused) {
    return (
      <>
        <Button loading={pause.isPending} onClick={() => { pause.mutate(null); }}>{t('sources.resume')}</Button>
        {pause.error && <ProblemNotice problem={pause.error} />}
      </>
    );
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); pause.mutate(reason); }}>
      <TextInput label={t('sources.pause_reason')} value={reason} required maxLength={500} onChange={(event) => { setReason(event.currentTarget.value); }} />
      <Button type="submit" variant="default" loading={pause.isPending} disabled={reason.trim() === ''}>{t('sources.pause')}</Button>
      {pause.error && <ProblemNotice problem={pause.error} />}
    </form>
  );
}
