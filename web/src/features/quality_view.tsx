import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useQuality } from '../api/queries';
import type { Quality, QualityLoss } from '../api/types';
import { DataTable } from '../ui/data_table';
import { LoadingLines, ProblemNotice } from '../ui/notice';
import { Section } from '../ui/page';
import { SourceStateLabel } from '../ui/source_state';
import { useFormat } from '../ui/use_format';
import { screenPaths } from './screen_paths';

const shownLosses = 10;

/** The four scores of a dataset, each with its formula and what it lost. */
export function QualityView({ dataset }: { dataset: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useQuality(dataset);
  if (query.error) return <ProblemNotice problem={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <LoadingLines lines={4} />;
  return (
    <Section title={t('quality.of', { dataset: format.text(query.data.title) })} hint={t('quality.records', { count: query.data.records })}>
      <ScoresTable quality={query.data} />
      {query.data.newest_only && <p>{t('quality.newest_only')}</p>}
      {query.data.matched && <p>{t('quality.matched', { good: format.count(query.data.matched.good), whole: format.count(query.data.matched.whole), registry: query.data.matched.registry })}</p>}
    </Section>
  );
}

function ScoresTable({ quality }: { quality: Quality }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <DataTable
      caption={t('quality.title')}
      head={<>
        <th scope="col">{t('quality.score')}</th><th scope="col" data-align="end">{t('quality.percent')}</th>
        <th scope="col">{t('quality.formula')}</th><th scope="col">{t('quality.losses')}</th>
      </>}
    >
      {quality.scores.map((score) => (
        <tr key={score.name} data-testid="quality-score" data-score={score.name}>
          <th scope="row">{t(`quality.name.${score.name}`)}</th>
          <td data-align="end" data-nowrap="">{score.percent === null ? t('quality.not_measured') : format.amount(score.percent, 2, 'percent')}</td>
          <td>{t(`quality.rule.${score.name}`)}</td>
          <td>
            {score.losses.length === 0 ? '–' : score.losses.slice(0, shownLosses).map((loss, index) => <div key={index}><Loss loss={loss} /></div>)}
            {score.losses.length > shownLosses && t('quality.more', { count: score.losses.length - shownLosses })}
          </td>
        </tr>
      ))}
    </DataTable>
  );
}

/** What was lost, and the way to the row behind it. */
function Loss({ loss }: { loss: QualityLoss }) {
  const { t } = useTranslation();
  const format = useFormat();
  const span = loss.from !== undefined && loss.until !== undefined
    ? t('passport.from_to', { from: format.moment(loss.from, true), to: format.moment(loss.until, true) }) : null;
  return (
    <>
      {t(`quality.loss.${loss.kind}`, { name: loss.name })}
      {loss.group !== undefined && loss.group.length > 0 && ` ${loss.group.join(', ')}`}
      {loss.state !== undefined && <> <SourceStateLabel state={loss.state} /></>}
      {span !== null && ` ${span}`}
      {loss.version !== undefined && <> <Link to={screenPaths.version(loss.version)}>{Object.values(loss.key ?? {}).join(' ')}</Link></>}
      {loss.delivery !== undefined && <> <Link to={screenPaths.quarantine(loss.delivery)}>{t('quality.row', { delivery: loss.delivery, row: loss.raw_row ?? 0 })}</Link></>}
    </>
  );
}
