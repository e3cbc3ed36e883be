import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useCenter, usePanel } from '../api/queries';
import type { PanelAnswer, PanelChild } from '../api/types';
import { useLivePanel } from '../live/use_live_panel';
import { FigureCard } from '../panels/figure_card';
import { FrozenBanner, LiveIndicator, type ShownPhase } from '../panels/live_indicator';
import type { PanelState } from '../panels/panel_state';
import { UnitTable } from '../panels/unit_table';
import { EmptyNote, ProblemNotice } from '../ui/notice';
import { Page, Section } from '../ui/page';
import { useFormat } from '../ui/use_format';
import { useNow } from '../ui/use_now';
import { AsOfBanner, AsOfControl } from './as_of_control';
import classes from './panel_page.module.css';
import { cardsOf, stateOf } from './panel_states';
import { PassportDrawer, SimulatedNote, useOpenPassport } from './passport_drawer';
import { PeriodControl } from './period_control';
import { screenPaths } from './screen_paths';
import { useScreenParameters } from './use_screen_parameters';

interface Shown {
  state: PanelState<PanelAnswer>;
  phase: ShownPhase;
  lastEventAt: number | null;
  clock: string | null;
}

/** The panel as it is live, or read once for a chosen period or past moment. */
function useShownPanel(name: string): Shown {
  const { get } = useScreenParameters();
  const [unit, period, asOf] = [get('unit'), get('period'), get('as_of')];
  const isLive = period === null && asOf === null;
  const live = useLivePanel(isLive ? name : null, unit);
  const query = usePanel(name, unit, period, asOf, !isLive);
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
  const center = useCenter(true);
  const { state, phase, lastEventAt, clock } = useShownPanel(name);
  const answer = state.kind === 'ready' ? state.data : null;
  const declared = center.data?.panels.find((panel) => panel.name === name);
  const title = answer ? format.text(answer.panel.title) : declared ? format.text(declared.title) : name;
  return (
    <Page
      title={answer ? `${title} · ${format.text(answer.unit.name)}` : title}
      lead={<UnitPath name={name} answer={answer} />}
      actions={<><FeedState phase={phase} lastEventAt={lastEventAt} /><PeriodControl /><AsOfControl /></>}
    >
      <AsOfBanner />
      {phase === 'frozen' && <FrozenState lastEventAt={lastEventAt} />}
      {answer && <SimulatedNote figures={answer.items.map((item) => item.figure)} />}
      <PanelBody name={name} state={state} frozen={phase === 'frozen'} clock={clock} />
    </Page>
  );
}

function useAge(lastEventAt: number | null): number | null {
  const now = useNow();
  return lastEventAt === null ? null : Math.max(0, (now - lastEventAt) / 1000);
}

function FeedState({ phase, lastEventAt }: { phase: ShownPhase; lastEventAt: number | null }) {
  return <LiveIndicator phase={phase} age={useAge(lastEventAt)} />;
}

function FrozenState({ lastEventAt }: { lastEventAt: number | null }) {
  const age = useAge(lastEventAt);
  return <FrozenBanner age={age === null ? null : Math.floor(age / 5) * 5} />;
}

interface PanelBodyProps { name: string; state: PanelState<PanelAnswer>; frozen: boolean; clock: string | null }

function PanelBody({ name, state, frozen, clock }: PanelBodyProps) {
  const { t } = useTranslation();
  const { get } = useScreenParameters();
  const openPassport = useOpenPassport();
  const [period, asOf] = [get('period'), get('as_of')];
  const children = state.kind === 'ready' ? state.data.children : null;
  const units = useMemo<PanelState<readonly PanelChild[]>>(() => (children ? { kind: 'ready', data: children } : { kind: 'loading' }), [children]);
  const linkTo = useCallback(
    (code: string, unitName: string) => <Link to={screenPaths.panel(name, { unit: code, period, as_of: asOf })}>{unitName}</Link>,
    [name, period, asOf],
  );
  if (state.kind === 'failed') return <ProblemNotice problem={state.problem} onRetry={state.retry} />;
  const answer = state.kind === 'ready' ? state.data : null;
  const waiting = Array.from({ length: 6 }, (_, index) => <FigureCard key={index} state={{ kind: 'loading' }} clock={null} onOpen={openPassport} />);
  return (
    <>
      <section aria-label={t('panel.figures')}>
        {answer?.items.length === 0 ? <EmptyNote>{t('panel.no_items')}</EmptyNote> : (
          <div className={classes['cards']} data-testid="cards">
            {answer && cardsOf(answer).map((item) => (
              <FigureCard key={item.position} state={{ kind: 'ready', data: item }} clock={clock} frozen={frozen} onOpen={openPassport} />
            ))}
            {answer === null && waiting}
          </div>
        )}
      </section>
      {(answer === null || answer.children.length > 0) && (
        <Section title={t('units.title')}>
          <UnitTable state={units} frozen={frozen} onOpen={openPassport} linkTo={linkTo} />
        </Section>
      )}
      <PassportDrawer panel={name} items={answer?.items ?? []} />
    </>
  );
}

function UnitPath({ name, answer }: { name: string; answer: PanelAnswer | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { get } = useScreenParameters();
  if (answer === null) return <span>{t('state.loading')}</span>;
  const path = answer.unit.path;
  return (
    <nav aria-label={t('panel.path')}>
      <ol className={classes['path']}>
        {path.map((unit, index) => (
          <li key={unit.code}>
            {index === path.length - 1
              ? <span aria-current="page">{format.text(unit.name)}</span>
              : <Link to={screenPaths.panel(name, { unit: unit.code, period: get('period'), as_of: get('as_of') })}>{format.text(unit.name)}</Link>}
          </li>
        ))}
      </ol>
    </nav>
  );
}
