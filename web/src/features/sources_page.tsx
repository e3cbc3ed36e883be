import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSources } from '../api/queries';
import type { SourceList } from '../api/types';
import { DataTable } from '../ui/data_table';
import { TrustMarks } from '../ui/judgement';
import { EmptyNote, LoadingLines, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';
import { useFormat } from '../ui/use_format';
import { screenPaths } from './screen_paths';
import { NextExpected, SourceStanding } from './source_standing';

/** All sources: how each stands, since when, what is expected next and what is to be done. */
export function SourcesPage() {
  const { t } = useTranslation();
  const query = useSources();
  return (
    <Page title={t('sources.title')}>
      {query.error && <ProblemNotice problem={query.error} onRetry={() => void query.refetch()} />}
      {query.data ? query.data.items.length === 0 ? <EmptyNote>{t('sources.empty')}</EmptyNote> : <SourcesTable answer={query.data} />
        : !query.error && <LoadingLines lines={5} />}
    </Page>
  );
}

function SourcesTable({ answer }: { answer: SourceList }) {
  const { t } = useTranslation();
  const format = useFormat();
  const wallAge = (moment: string) => Math.max(0, (Date.parse(answer.snapshot.tick) - Date.parse(moment)) / 1000);
  return (
    <DataTable stacks
      caption={t('sources.title')}
      head={<>
        <th scope="col">{t('sources.source')}</th><th scope="col">{t('sources.state')}</th><th scope="col">{t('sources.age')}</th>
        <th scope="col">{t('sources.last_delivery')}</th><th scope="col">{t('sources.next')}</th><th scope="col">{t('sources.silent_after')}</th>
        <th scope="col" data-align="end">{t('sources.feeds')}</th><th scope="col">{t('sources.connectors')}</th><th scope="col">{t('sources.owner')}</th>
      </>}
    >
      {answer.items.map((source) => (
        <tr key={source.name} data-testid="source" data-state={source.state}>
          <th scope="row"><Link to={screenPaths.source(source.name)}>{format.text(source.title)}</Link> {source.simulated && <TrustMarks marks={['simulated']} />}</th>
          <td><SourceStanding source={source} /></td>
          <td data-nowrap="">
            {source.last_sign_of_life === null ? '–' : <>{t('sources.ago', { age: format.duration(wallAge(source.last_sign_of_life)) })}<br />{format.moment(source.last_sign_of_life, true)}</>}
          </td>
          <td data-nowrap="">
            {source.last_good_delivery_at === null ? '–' : format.moment(source.last_good_delivery_at, true)}
            {source.last_delivery !== null && <><br /><Link to={screenPaths.delivery(source.last_delivery)}>{source.last_delivery}</Link></>}
            <br /><Link to={screenPaths.deliveries(source.name)}>{t('sources.see_deliveries')}</Link>
          </td>
          <td>
            <NextExpected source={source} />
            {source.next_due !== null && <><br />{t(Date.parse(source.next_due) < Date.parse(answer.snapshot.tick) ? 'contract.overdue' : 'contract.next_due', { moment: format.moment(source.next_due, true) })}</>}
            {source.freshness_seconds !== null && <><br />{t('contract.freshness', { duration: format.duration(source.freshness_seconds) })}</>}
          </td>
          <td>
            {source.silent_after_seconds === null ? '–' : t('sources.age_working', { duration: format.duration(source.silent_after_seconds) })}
            {source.coverage !== 'decided' && <><br />{t(`sources.coverage.${source.coverage}`)}</>}
          </td>
          <td data-align="end">{format.count(source.feeds.length)}</td>
          <td>{source.connectors.map((connector) => t(`sources.connector.${connector}`)).join(', ')}</td>
          <td>{format.text(source.owner)}<SourceContact source={source} /></td>
        </tr>
      ))}
    </DataTable>
  );
}

/** Who is called about a source. */
function SourceContact({ source }: { source: SourceList['items'][number] }) {
  const { contact } = source;
  if (contact === null) return null;
  return (
    <>
      <br />{contact.name}
      {contact.phone !== null && <><br /><a href={`tel:${contact.phone.replace(/[^0-9+]/g, '')}`}>{contact.phone}</a></>}
      {contact.email !== null && <><br /><a href={`mailto:${contact.email}`}>{contact.email}</a></>}
    </>
  );
}
