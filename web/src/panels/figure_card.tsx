import { Skeleton } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { FigureWithPassport, PanelItem } from '../api/types';
import { JudgementBadge, TrustMarks } from '../ui/judgement';
import { ProblemNotice } from '../ui/notice';
import { useFormat } from '../ui/use_format';
import classes from './figure_card.module.css';
import type { PanelState } from './panel_state';
import { SparkLine } from './spark_line';

interface FigureCardProps {
  state: PanelState<PanelItem>;
  /** The center's clock (RFC 3339) that ages are counted to. */
  clock: string | null;
  /** The display has lost the server: what is shown is the last known. */
  frozen?: boolean;
  onOpen: (figure: FigureWithPassport) => void;
}

/** Seconds from the oldest last sign of life of the figure's sources to `clock`; null when unknown. */
export function ageOf(figure: FigureWithPassport, clock: string | null): number | null {
  const heard = figure.passport.sources.map((source) => (source.last_sign_of_life === null ? NaN : Date.parse(source.last_sign_of_life)));
  if (clock === null || heard.length === 0 || heard.some((moment) => Number.isNaN(moment))) return null;
  return Math.max(0, (Date.parse(clock) - Math.min(...heard)) / 1000);
}

/** One figure of a panel: value, judgement, trust marks, target, trend and age. Opens its passport. */
export function FigureCard({ state, clock, frozen = false, onOpen }: FigureCardProps) {
  const { t } = useTranslation();
  if (state.kind === 'loading') {
    return (
      <article className={classes['card']} aria-busy="true" aria-label={t('state.loading')}>
        <Skeleton height="1rem" width="60%" />
        <Skeleton height="2.5rem" width="45%" />
        <Skeleton height="1.25rem" width="35%" />
        <Skeleton height="2.5rem" />
      </article>
    );
  }
  if (state.kind === 'failed') {
    return <article className={classes['card']}><ProblemNotice problem={state.problem} onRetry={state.retry} /></article>;
  }
  return <ReadyCard item={state.data} clock={clock} frozen={frozen} onOpen={onOpen} />;
}

function ReadyCard({ item, clock, frozen, onOpen }: { item: PanelItem } & Required<Omit<FigureCardProps, 'state'>>) {
  const { t } = useTranslation();
  const format = useFormat();
  const titleId = useId();
  const { figure, trend } = item;
  const age = ageOf(figure, clock);
  const silent = figure.trust_marks.includes('silent');
  const title = format.text(figure.title);
  const unit = format.unitOfMeasure(figure.unit_of_measure, figure.value);
  return (
    <article
      className={classes['card']} aria-labelledby={titleId} data-testid="figure-card" data-indicator={figure.indicator}
      data-judgement={figure.judgement} data-silent={silent || undefined} data-frozen={frozen || undefined}
    >
      <header>
        <h3 className={classes['title']} id={titleId}>
          <button type="button" className={classes['open']} onClick={() => { onOpen(figure); }} aria-haspopup="dialog">{title}</button>
        </h3>
        <p className={classes['period']}>{format.period(figure.period.text)}</p>
      </header>
      {figure.value === null ? (
        <p className={classes['none']}>
          {figure.no_value_reason === null ? t('figure.no_value') : t(`no_value_reason.${figure.no_value_reason}`)}
        </p>
      ) : (
        <p className={classes['value']} data-testid="figure-value" data-value={figure.value}>
          <span className={classes['number']}>{format.decimal(figure.value, figure.decimals)}</span>
          <span className={classes['unit']}>{unit}</span>
        </p>
      )}
      <div className={classes['marks']}>
        <JudgementBadge figure={figure} />
        <TrustMarks marks={figure.trust_marks} />
      </div>
      <SparkLine trend={trend} figure={figure} />
      <footer className={classes['foot']}>
        <span>{age === null ? t('figure.age_unknown') : t('figure.age', { age: format.duration(age) })}</span>
        {figure.target !== null && (
          <span>{t('figure.target', { value: `${format.decimal(figure.target, null)} ${unit}` })}</span>
        )}
      </footer>
    </article>
  );
}
