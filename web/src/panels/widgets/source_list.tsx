import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { SourcesWidget, SourceState } from '../../api/types';
import { ContractNotes } from '../../ui/contract_notes';
import { TrustMarks } from '../../ui/judgement';
import { EmptyNote } from '../../ui/notice';
import { OldCodesNote } from '../../ui/old_codes';
import { SourceStateLabel } from '../../ui/source_state';
import { useFormat } from '../../ui/use_format';
import { troubleFirst } from '../judgement_summary';
import type { PanelState } from '../panel_state';
import { WaitingWidget } from './widget_frame';
import classes from './widgets.module.css';

const rankOf = (state: SourceState) => (state === 'live' ? troubleFirst.length : troubleFirst.indexOf(state));

/** The sources behind a panel's figures, the worst first; on a frozen display how they stood last. */
export const SourceList = memo(function SourceList({ state, frozen = false }: { state: PanelState<SourcesWidget>; frozen?: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (state.kind !== 'ready') return <WaitingWidget state={state} />;
  const sources = [...state.data.sources].sort((a, b) => rankOf(a.state) - rankOf(b.state) || format.text(a.title).localeCompare(format.text(b.title), 'vi'));
  const title = t('panel.sources');
  return (
    <section className={classes['widget']} aria-label={title} data-testid="panel-sources" data-frozen={frozen || undefined}>
      <header className={classes['head']}>
        <h3 className={classes['title']}>{title}</h3>
        {frozen && <p className={classes['what']}>{t('panel.sources_last')}</p>}
      </header>
      {sources.length === 0 ? <EmptyNote>{t('panel.no_sources')}</EmptyNote> : (
        <ul className={classes['list']}>{sources.map((source) => <SourceRow key={source.name} source={source} />)}</ul>
      )}
    </section>
  );
});

function SourceRow({ source }: { source: SourcesWidget['sources'][number] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <li className={classes['source']} data-testid="panel-source" data-source={source.name} data-state={source.state}>
      <SourceStateLabel state={source.state} /><strong>{format.text(source.title)}</strong>
      {source.simulated && <TrustMarks marks={['simulated']} />}
      {source.since !== null && <span className={classes['note']}>{t('sources.since', { moment: format.moment(source.since, true) })}</span>}
      {source.last_sign_of_life !== null && <span className={classes['note']}>{t('sources.age')}: {format.moment(source.last_sign_of_life, true)}</span>}
      {source.paused && <span className={classes['note']}>{t('sources.paused_for', { reason: source.paused.reason })}</span>}
      {source.trouble && <span className={classes['note']}>{t('sources.trouble', { moment: format.moment(source.trouble.since, true) })} {source.trouble.reason}</span>}
      <ContractNotes standing={source.contract_standing} />
      {source.old_codes && <span className={classes['note']}><OldCodesNote sent={source.old_codes} /></span>}
    </li>
  );
}
