import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FigureWithPassport } from '../../api/types';
import { JudgementBadge, TrustMarks } from '../../ui/judgement';
import { LoadingLines, ProblemNotice } from '../../ui/notice';
import { useFormat } from '../../ui/use_format';
import type { PanelState } from '../panel_state';
import classes from './widgets.module.css';

interface FigureFrameProps {
  figure: FigureWithPassport;
  title: string;
  /** The period is the last that has ended and has a value. */
  latest: boolean;
  /** Beside the period. */
  what?: string;
  frozen: boolean;
  testId: string;
  onOpen: (figure: FigureWithPassport) => void;
  children: ReactNode;
}

/** What stands around a widget of a figure: title that opens the passport, period, the whole with judgement and trust marks. */
export function FigureFrame({ figure, title, latest, what, frozen, testId, onOpen, children }: FigureFrameProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const whole = figure.value === null
    ? figure.no_value_reason === null ? t('figure.no_value') : t(`no_value_reason.${figure.no_value_reason}`)
    : format.amount(figure.value, figure.decimals, figure.unit_of_measure);
  return (
    <section className={classes['widget']} aria-label={title} data-testid={testId} data-frozen={frozen || undefined} data-silent={figure.trust_marks.includes('silent') || undefined}>
      <header className={classes['head']}>
        <h3 className={classes['title']}><button type="button" className={classes['open']} aria-haspopup="dialog" onClick={() => { onOpen(figure); }}>{title}</button></h3>
        <p className={classes['what']}>{[format.periodOf(figure.period), latest ? t('figure.latest') : null, what].filter(Boolean).join(' · ')}</p>
      </header>
      <div className={classes['whole']}>
        <span>{format.text(figure.unit.name)}: <span className={classes['amount']}>{whole}</span></span>
        <JudgementBadge figure={figure} /><TrustMarks marks={figure.trust_marks} />
      </div>
      {children}
    </section>
  );
}

/** A widget that is on its way or could not be had. */
export function WaitingWidget({ state }: { state: Exclude<PanelState<unknown>, { kind: 'ready' }> }) {
  const { t } = useTranslation();
  return state.kind === 'loading'
    ? <section className={classes['widget']} aria-busy="true" aria-label={t('state.loading')}><LoadingLines lines={5} /></section>
    : <section className={classes['widget']} aria-label={t('state.failed')}><ProblemNotice problem={state.problem} onRetry={state.retry} /></section>;
}
