import { Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Figure, Trend } from '../api/types';
import { TrustMarks } from '../ui/judgement';
import { EmptyNote, ProblemNotice } from '../ui/notice';
import { useFormat } from '../ui/use_format';
import type { PanelState } from './panel_state';
import { breaksOf } from './trend_breaks';
import classes from './trend_view.module.css';

type Chart = typeof import('./trend_chart').default;
let loaded: Chart | null = null;

/** The chart, loaded when it is first looked at; where that fails, as when the server is gone, it can be tried again. */
function useChart(): { Chart: Chart | null; failed: boolean; retry: () => void } {
  const [state, setState] = useState<'waiting' | 'failed' | 'there'>(loaded ? 'there' : 'waiting');
  useEffect(() => {
    if (state !== 'waiting') return undefined;
    let shown = true;
    const tell = (next: 'failed' | 'there') => { if (shown) setState(next); };
    import('./trend_chart').then((module) => {
      loaded = module.default;
      tell('there');
    }, () => { tell('failed'); });
    return () => { shown = false; };
  }, [state]);
  return { Chart: state === 'there' ? loaded : null, failed: state === 'failed', retry: () => { setState('waiting'); } };
}

interface TrendViewProps {
  state: PanelState<{ figure: Figure; trend: Trend }>;
  frozen?: boolean;
}

/** A figure over its last periods with axes, target and trust marks. The chart is loaded when it is first looked at; its place is kept. */
export function TrendView({ state, frozen = false }: TrendViewProps) {
  const { t } = useTranslation();
  const { Chart, failed, retry } = useChart();
  const waiting = <div className={classes['chart']} role="status" aria-label={t('state.loading')}><Skeleton height="100%" /></div>;
  if (state.kind === 'loading') return waiting;
  if (state.kind === 'failed') return <ProblemNotice problem={state.problem} onRetry={state.retry} />;
  const { figure, trend } = state.data;
  if (trend.filter((point) => point.value !== null).length < 2) {
    return <div className={classes['trend']}><EmptyNote>{t('figure.no_trend')}</EmptyNote><Breaks trend={trend} /></div>;
  }
  return (
    <div className={classes['trend']} data-silent={figure.trust_marks.includes('silent') || undefined} data-frozen={frozen || undefined}>
      {failed ? <ProblemNotice problem={{ code: 'unreachable', message: '', instance: null, nearest: [] }} onRetry={retry} />
        : Chart === null ? waiting : <Chart figure={figure} trend={trend} />}
      <TrustMarks marks={figure.trust_marks} />
      <Breaks trend={trend} />
    </div>
  );
}

/** Why the line is broken where the territory is to blame. */
function Breaks({ trend }: { trend: Trend }) {
  const { t } = useTranslation();
  const format = useFormat();
  const breaks = breaksOf(trend);
  if (breaks.length === 0) return null;
  const nameOf = (point: Trend[number]) => format.periodOf({ text: point.period, label: point.label });
  return (
    <ul className={classes['breaks']} data-testid="trend-breaks">
      {breaks.map(({ reason, first, last }) => (
        <li key={`${reason} ${first.period}`}>
          {first === last ? nameOf(first) : t('trend_break.from_to', { from: nameOf(first), to: nameOf(last) })}: {t(`trend_break.${reason}`)}
        </li>
      ))}
    </ul>
  );
}
