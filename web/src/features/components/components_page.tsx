import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChangeList } from '../../panels/change_list';
import { FigureCard } from '../../panels/figure_card';
import { JudgementSummary } from '../../panels/judgement_summary';
import { FrozenBanner, LiveIndicator } from '../../panels/live_indicator';
import { PassportView } from '../../panels/passport/passport_view';
import { placeTiles } from '../../panels/tile_grid';
import { rankUnits } from '../../panels/ranking';
import { TileMap } from '../../panels/tile_map';
import { TrendView } from '../../panels/trend_view';
import { UnitRanking } from '../../panels/unit_ranking';
import { UnitTable } from '../../panels/unit_table';
import { WorkList } from '../../panels/work_list';
import { Breadcrumb } from '../../ui/breadcrumb';
import { EmptyNote, LoadingLines, ProblemNotice } from '../../ui/notice';
import { Page, Section } from '../../ui/page';
import { SideDrawer } from '../../ui/side_drawer';
import { useFormat } from '../../ui/use_format';
import classes from './components_page.module.css';
import { DesignLanguage } from './design_language';
import {
  componentStates, panelStateOf, sampleChildren, sampleClock, sampleFigure, sampleItem, samplePlaces, sampleRecords, sampleUnits, type ComponentState, type SampleWords,
} from './samples';
import { Specimens } from './specimen';

const nothing = () => undefined;
const hrefOf = (code: string) => `#${code}`;
const grid = placeTiles(samplePlaces, 1);

function useSampleWords(): SampleWords {
  const { t } = useTranslation();
  const { language } = useFormat();
  return useMemo(() => ({
    language, figure: t('sample.figure'), count: t('sample.count'), source: t('sample.source'), province: t('sample.province'), basis: t('sample.basis'),
    key: t('sample.key'), due: t('sample.due'), field: t('sample.field'), fields: t('sample.fields'),
  }), [language, t]);
}

/** Every component in every state, with fixed samples: nothing is asked of the server. */
export default function ComponentsPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('components.title')} lead={t('components.lead')}>
      <p className={classes['note']} data-testid="sample-note">{t('components.note')}</p>
      <DesignLanguage />
      <FigureSpecimens />
      <UnitSpecimens />
      <OverviewSpecimens />
      <Frames />
    </Page>
  );
}

function FigureSpecimens() {
  const { t } = useTranslation();
  const words = useSampleWords();
  return (
    <>
      <Specimens id="figure_card" title={t('components.figure_card')} contract={t('components.figure_card_contract')} size="small">
        {(state) => <FigureCard state={panelStateOf(state, () => sampleItem(state, words))} clock={sampleClock} frozen={state === 'frozen'} onOpen={nothing} />}
      </Specimens>
      <Specimens id="trend" title={t('components.trend')} contract={t('components.trend_contract')} size="medium">
        {(state) => (
          <TrendView
            frozen={state === 'frozen'}
            state={panelStateOf(state, () => ({ figure: sampleFigure(state, words), trend: state === 'empty' ? [] : sampleItem(state, words).trend }))}
          />
        )}
      </Specimens>
    </>
  );
}

function UnitSpecimens() {
  const { t } = useTranslation();
  const words = useSampleWords();
  const units = (state: ComponentState) => (state === 'empty' ? [] : sampleUnits(state, words));
  return (
    <>
      <Specimens id="breakdown" title={t('components.breakdown')} contract={t('components.breakdown_contract')} size="medium">
        {(state) => <UnitRanking title={words.figure} numbered state={panelStateOf(state, units)} frozen={state === 'frozen'} hrefOf={hrefOf} />}
      </Specimens>
      <Specimens id="tile_map" title={t('components.tile_map')} contract={t('components.tile_map_contract')} size="medium">
        {(state) => <TileMap label={words.figure} state={panelStateOf(state, () => ({ units: units(state), grid, numbers: new Map(rankUnits(units(state)).slice(0, 5).map(({ code }, index) => [code, index + 1])) }))} frozen={state === 'frozen'} hrefOf={hrefOf} />}
      </Specimens>
      <Specimens id="table" title={t('components.table')} contract={t('components.table_contract')} size="large">
        {(state) => (
          <UnitTable
            state={panelStateOf(state, () => (state === 'empty' ? [] : sampleChildren(state, words)))} frozen={state === 'frozen'} onOpen={nothing}
            linkTo={(code, name) => <a href={hrefOf(code)}>{name}</a>}
          />
        )}
      </Specimens>
    </>
  );
}

function OverviewSpecimens() {
  const { t } = useTranslation();
  const words = useSampleWords();
  const items = (state: ComponentState) => [0, -3, -8].map((shift) => sampleItem(state, words, shift));
  return (
    <>
      <Specimens id="summary" title={t('components.summary')} contract={t('components.summary_contract')} size="large">
        {(state) => {
          const shown = panelStateOf(state, () => items(state).map((item) => item.figure));
          return shown.kind === 'failed' ? <ProblemNotice problem={shown.problem} onRetry={shown.retry} />
            : <JudgementSummary figures={shown.kind === 'loading' ? null : shown.data} frozen={state === 'frozen'} onOpen={nothing} />;
        }}
      </Specimens>
      <Specimens id="changes" title={t('changes.title')} contract={t('components.changes_contract')} size="medium">
        {(state) => {
          const shown = panelStateOf(state, () => items(state));
          return shown.kind === 'failed' ? <ProblemNotice problem={shown.problem} onRetry={shown.retry} />
            : <ChangeList items={shown.kind === 'loading' ? null : shown.data} clock={sampleClock} most={3} frozen={state === 'frozen'} onOpen={nothing} />;
        }}
      </Specimens>
      <Specimens id="work" title={t('components.work')} contract={t('components.work_contract')} size="large">
        {(state) => (
          <WorkList
            caption={t('components.work')} most={3} frozen={state === 'frozen'} linkTo={(_, text) => <a href="#work">{text}</a>}
            state={panelStateOf(state, () => (state === 'empty' ? { ...sampleRecords(words), items: [] } : sampleRecords(words)))}
          />
        )}
      </Specimens>
    </>
  );
}

/** What stands around figures: drawer, way, feed, notes. */
function Frames() {
  const { t } = useTranslation();
  const words = useSampleWords();
  const [shown, setShown] = useState<ComponentState | null>(null);
  const steps = [{ key: '15', name: words.province, to: '#15' }, { key: '02671', name: 'Cam Đường', to: '#02671' }];
  return (
    <>
      <Section title={t('components.drawer')} hint={t('components.drawer_contract')}>
        <div className={classes['row']}>
          {componentStates.map((state) => (
            <Button key={state} variant="default" size="xs" onClick={() => { setShown(state); }}>{t(`component_state.${state}`)}</Button>
          ))}
        </div>
        <SideDrawer opened={shown !== null} title={words.figure} onClose={() => { setShown(null); }} testId="sample-drawer">
          {shown !== null && (
            <PassportView
              linkTo={(part) => part.records} frozen={shown === 'frozen'}
              state={panelStateOf(shown, () => ({ figure: sampleFigure(shown, words), trend: sampleItem(shown, words).trend, changes: { changes_since: '2026-11-22T07:05:09Z', changes: [] } }))}
            />
          )}
        </SideDrawer>
      </Section>
      <Section title={t('components.breadcrumb')}><Breadcrumb label={t('panel.path')} steps={steps} /></Section>
      <Section title={t('components.feed')} hint={t('components.feed_contract')}>
        <div className={classes['row']}>{(['connecting', 'live', 'frozen', 'past', 'chosen'] as const).map((phase) => <LiveIndicator key={phase} phase={phase} />)}</div>
        <FrozenBanner age={65} clock={sampleClock} />
      </Section>
      <Section title={t('components.notes')}>
        <div className={classes['notes']}>
          <LoadingLines lines={3} /><EmptyNote>{t('records.empty')}</EmptyNote>
          <ProblemNotice problem={{ code: 'unreachable', message: '', instance: 'mau-0001', nearest: [] }} onRetry={nothing} />
          <ProblemNotice problem={{ code: 'not_granted', message: '', instance: null, nearest: [] }} />
        </div>
      </Section>
    </>
  );
}
