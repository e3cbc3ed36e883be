import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Figure, Trend } from '../api/types';
import { TrustMarks } from '../ui/judgement';
import { EmptyNote, ProblemNotice } from '../ui/notice';
import type { PanelState } from './panel_state';
import classes from './trend_view.module.css';

const TrendChart = lazy(() => import('./trend_chart'));

interface TrendViewProps {
  state: PanelState<{ figure: Figure; trend: Trend }>;
  frozen?: boolean;
}

/** A figure over its last periods with axes, target and trust marks. The chart is loaded when it is first looked at; its place is kept. */
export function TrendView({ state, frozen = false }: TrendViewProps) {
  const { t } = useTranslation();
  const waiting = <div className={classes['chart']} role="status" aria-label={t('state.loading')}><Skeleton height="100%" /></div>;
  if (state.kind === 'loading') return waiting;
  if (state.kind === 'failed') return <ProblemNotice problem={state.problem} onRetry={state.retry} />;
  const { figure, trend } = state.data;
  if (trend.filter((point) => point.value !== null).length < 2) return <EmptyNote>{t('figure.no_trend')}</EmptyNote>;
  return (
    <div className={classes['trend']} data-silent={figure.trust_marks.includes('silent') || undefined} data-frozen={frozen || undefined}>
      <Suspense fallback={waiting}><TrendChart figure={figure} trend={trend} /></Suspense>
      <TrustMarks marks={figure.trust_marks} />
    </div>
  );
}
