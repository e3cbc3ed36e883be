import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useCenter, usePanel } from '../api/queries';
import type { FigureWithPassport, PanelAnswer, PanelChild, PanelItem } from '../api/types';
import { useLivePanel } from '../live/use_live_panel';
import { ChangeList } from '../panels/change_list';
import { FigureCard } from '../panels/figure_card';
import { JudgementSummary } from '../panels/judgement_summary';
import { FrozenBanner, LiveIndicator, type ShownPhase } from '../panels/live_indicator';
import type { PanelState } from '../panels/panel_state';
import { UnitTable } from '../panels/unit_table';
import { Breadcrumb } from '../ui/breadcrumb';
import { EmptyNote, ProblemNotice } from '../ui/notice';
import { Page, Section } from '../ui/page';
import { useTheme } from '../ui/theme';
import { useFormat } from '../ui/use_format';
import { useNow } from '../ui/use_now';
import { AsOfBanner, AsOfControl } from './as_of_control';
import classes from './panel_page.module.css';
import { cardsOf, stateOf } from './panel_states';
import { PanelWhere } from './panel_where';
import { PanelWork } from './panel_work';
import { PassportDrawer, SimulatedFigures, useOpenPassport } from './passport_drawer';
import { PeriodControl } from './period_control';
import { screenPaths } from './screen_paths';
import { TerritoryBanner, TerritoryControl } from './territory_control';
import { useScreenParameters } from './use_screen_parameters';

interface Shown {
  state: PanelState<PanelAnswer>;
  phase: ShownPhase;
  lastEventAt: number | null;
  clock: string | null;
}

/** The panel as it is live, or read once for a chosen period, past moment or territory. */
function useShownPanel(name: string): Shown {
  const { get } = useScreenParameters();
  const [unit, period, asOf, territory] = [get('unit'), get('period'), get('as_of'), get('territory')];
  const isLive = period === null && asOf === null && territory === null;
  const live = useLivePanel(isLive ? name : null, unit);
  const query = usePanel(name, { unit, period, as_of: asOf, territory }, !isLive);
  const cache = useQueryClient();
  const signedOut = isLive && live.phase === 'signed_out';
  useEffect(() => {
    if (signedOut) void cache.invalidateQueries({ queryKey: ['session'] });
  }, [signedOut, cache]);

  if (!isLive) {
    const state = stateOf(query);
    const clock = state.kind === 'ready' ? state.data.snapshot.tick : null;
    return { state, phase: asOf === null ? 'chosen' : 'past', lastEventAt: null, clock: asOf ?? clock };
  }
  const failure = live.problem ?? { code: 'sign_in_needed', message: '', instance: null, nearest: [] };
  const over = live.phase === 'refused' || live.phase === 'signed_out';
  const state: PanelState<PanelAnswer> = over ? { kind: 'failed', problem: failure }
    : live.panel ? { kind: 'ready', data: live.panel } : { kind: 'loading' };
  const phase: ShownPhase = live.phase === 'refused' || live.phase === 'signed_out' ? 'connecting' : live.phase;
  return { state, phase, lastEventAt: live.lastEventAt, clock: live.tick };
}

/** The screen of one panel at one unit. */
export function PanelPage() {
  const { name = '' } = useParams();
  const { get } = useScreenParameters();
  return <PanelScreen key={`${name} ${get('unit') ?? ''}`} name={name} />;
}

function PanelScreen({ name }: { name: string }) {
  const format = useFormat();
  const wall = useTheme() === 'wall';
  const center = useCenter(true);
  const { state, phase, lastEventAt, clock } = useShownPanel(name);
  const answer = state.kind === 'ready' ? state.data : null;
  const declared = center.data?.panels.find((panel) => panel.name === name);
  const title = answer ? format.text(answer.panel.title) : declared ? format.text(declared.title) : name;
  return (
    <Page
      title={answer ? `${title} · ${format.text(answer.unit.name)}` : title}
      lead={<><UnitPath name={name} answer={answer} /><RegimeNote answer={answer} /></>}
      actions={
        <>
          {answer && <SimulatedFigures figures={answer.items.map((item) => item.figure)} />}
          <LiveIndicator phase={phase} />
          {wall ? clock !== null && <span className={classes['clock']}>{format.weekday(clock)}, {format.moment(clock, true)}</span> : <><PeriodControl shown={answer?.period ?? null} /><TerritoryControl /><AsOfControl /></>}
        </>
      }
    >
      <AsOfBanner />
      <TerritoryBanner />
      {phase === 'frozen' && <FrozenState lastEventAt={lastEventAt} clock={clock} />}
      <PanelBody name={name} state={state} frozen={phase === 'frozen'} clock={clock} />
    </Page>
  );
}

function useAge(lastEventAt: number | null): number | null {
  const now = useNow();
  return lastEventAt === null ? null : Math.max(0, (now - lastEventAt) / 1000);
}

function FrozenState({ lastEventAt, clock }: { lastEventAt: number | null; clock: string | null }) {
  return <FrozenBanner age={useAge(lastEventAt)} clock={clock} />;
}

interface PanelBodyProps { name: string; state: PanelState<PanelAnswer>; frozen: boolean; clock: string | null }

function PanelBody({ name, state, frozen, clock }: PanelBodyProps) {
  const { t } = useTranslation();
  const { get } = useScreenParameters();
  const openPassport = useOpenPassport();
  const wall = useTheme() === 'wall';
  const [period, asOf, territory] = [get('period'), get('as_of'), get('territory')];
  const hrefOf = useCallback((code: string) => screenPaths.panel(name, { unit: code, period, as_of: asOf, territory }), [name, period, asOf, territory]);
  const answer = state.kind === 'ready' ? state.data : null;
  const cards = useMemo(() => (answer ? cardsOf(answer) : null), [answer]);
  const figures = useMemo(() => cards?.map((item) => item.figure) ?? null, [cards]);
  if (state.kind === 'failed') return <ProblemNotice problem={state.problem} onRetry={state.retry} />;
  if (cards?.length === 0) return <EmptyNote>{t('panel.no_items')}</EmptyNote>;
  const hasWhere = answer === null || answer.children.length > 0;
  return (
    <div className={classes['body']}>
      <JudgementSummary figures={figures} frozen={frozen} onOpen={openPassport} />
      <div className={classes['overview']} data-where={hasWhere || undefined}>
        <section aria-label={t('panel.figures')} className={classes['cards']} data-few={cards !== null && cards.length <= 3 ? cards.length : undefined} data-testid="cards">
          <div className={classes['changes']}><ChangeList items={cards} clock={clock} frozen={frozen} onOpen={openPassport} /></div>
          {cards === null ? Array.from({ length: 10 }, (_, index) => <FigureCard key={index} state={{ kind: 'loading' }} clock={null} onOpen={openPassport} />)
            : cards.map((item) => <ReadyItem key={item.position} item={item} clock={clock} frozen={frozen} onOpen={openPassport} />)}
        </section>
        {hasWhere && <PanelWhere answer={answer} frozen={frozen} most={5} hrefOf={hrefOf} />}
      </div>
      {!wall && <PanelLower answer={answer} name={name} frozen={frozen} asOf={asOf} hrefOf={hrefOf} />}
      <PassportDrawer panel={name} items={answer?.items ?? []} frozen={frozen} />
    </div>
  );
}

/** Keeps the card's state the same object as long as the item is, so that only what changed is drawn. */
function ReadyItem({ item, ...rest }: { item: PanelItem; clock: string | null; frozen: boolean; onOpen: (figure: FigureWithPassport) => void }) {
  const state = useMemo<PanelState<PanelItem>>(() => ({ kind: 'ready', data: item }), [item]);
  return <FigureCard state={state} {...rest} />;
}

interface PanelLowerProps { answer: PanelAnswer | null; name: string; frozen: boolean; asOf: string | null; hrefOf: (code: string) => string }

/** What is worked with at a desk: lists, and all units with all their figures. */
function PanelLower({ answer, name, frozen, asOf, hrefOf }: PanelLowerProps) {
  const { t } = useTranslation();
  const openPassport = useOpenPassport();
  const children = answer?.children ?? null;
  const units = useMemo<PanelState<readonly PanelChild[]>>(() => (children ? { kind: 'ready', data: children } : { kind: 'loading' }), [children]);
  const linkTo = useCallback((code: string, unitName: string) => <Link to={hrefOf(code)}>{unitName}</Link>, [hrefOf]);
  return (
    <div className={classes['lower']}>
      {answer && <PanelWork answer={answer} panel={name} asOf={asOf} frozen={frozen} />}
      {(children === null || children.length > 0) && (
        <Section title={t('units.title')}>
          <UnitTable state={units} frozen={frozen} onOpen={openPassport} linkTo={linkTo} />
        </Section>
      )}
    </div>
  );
}

/** Says of which regime the periods are, where they are not the calendar's. */
function RegimeNote({ answer }: { answer: PanelAnswer | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const titles = [...new Set((answer?.items ?? []).map(({ figure }) => figure.period)
    .filter((period) => period.regime !== 'calendar').map((period) => format.text(period.regime_title ?? {})))];
  if (titles.length === 0) return null;
  return <p className={classes['regime']} data-testid="regime">{t('period.regime', { regime: titles.join(', ') })}</p>;
}

function UnitPath({ name, answer }: { name: string; answer: PanelAnswer | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { get } = useScreenParameters();
  if (answer === null) return <span>{t('state.loading')}</span>;
  if (answer.unit.path.length === 1) return null;
  const steps = answer.unit.path.map((unit) => ({
    key: unit.code, name: format.text(unit.name), to: screenPaths.panel(name, { unit: unit.code, period: get('period'), as_of: get('as_of'), territory: get('territory') }),
  }));
  return <Breadcrumb label={t('panel.path')} steps={steps} />;
}
