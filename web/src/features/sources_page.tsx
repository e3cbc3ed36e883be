import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSources } from '../api/queries';
import type { SourceList } from '../api/types';
import { DataTable } from '../ui/data_table';
import { TrustMarks } from '../ui/judgement';
import { EmptyNote, LoadingLines, ProblemNotice } from '../ui/notice';
import { OldCodesNote } from '../ui/old_codes';
import { Page } from '../ui/page';
import { SourceStateLabel } from '../ui/source_state';
import { useFormat } from '../ui/use_format';
import { screenPaths } from './screen_paths';

/** All sources with their state and the age of their last sign of life. */
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
    <DataTable
      caption={t('sources.title')}
      head={<>
        <th scope="col">{t('sources.source')}</th><th scope="col">{t('sources.state')}</th><th scope="col">{t('sources.age')}</th>
        <th scope="col">{t('sources.silent_after')}</th><th scope="col">{t('sources.last_delivery')}</th>
        <th scope="col">{t('sources.connectors')}</th><th scope="col">{t('sources.owner')}</th>
      </>}
    >
      {answer.items.map((source) => (
        <tr key={source.name} data-testid="source" data-state={source.state}>
          <th scope="row">{format.text(source.title)} {source.simulated && <TrustMarks marks={['simulated']} />}</th>
          <td>
            <SourceStateLabel state={source.state} />
            {source.old_codes && <OldCodesNote sent={source.old_codes} />}
            {source.connection?.failing_since && <><br />{t('sources.failing_since', { moment: format.moment(source.connection.failing_since, true) })}<br />{source.connection.message}</>}
            {source.connection?.phase === 'held_back' && <><br />{t('sources.held_back')}</>}
          </td>
          <td data-nowrap="">
            {source.last_sign_of_life === null ? '–' : <>{t('sources.ago', { age: format.duration(wallAge(source.last_sign_of_life)) })}<br />{format.moment(source.last_sign_of_life, true)}</>}
          </td>
          <td>
            {source.silent_after_seconds === null ? '–' : t('sources.age_working', { duration: format.duration(source.silent_after_seconds) })}
            {source.coverage !== 'decided' && <><br />{t(`sources.coverage.${source.coverage}`)}</>}
          </td>
          <td data-nowrap="">
            {source.last_delivery === null ? '–' : <Link to={screenPaths.delivery(source.last_delivery)}>{source.last_delivery}</Link>}
            <br /><Link to={screenPaths.deliveries(source.name)}>{t('sources.see_deliveries')}</Link>
          </td>
          <td>{source.connectors.map((connector) => t(`sources.connector.${connector}`)).join(', ')}</td>
          <td>{format.text(source.owner)}</td>
        </tr>
      ))}
    </DataTable>
  );
}
