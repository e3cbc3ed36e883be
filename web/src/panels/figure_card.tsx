import { Skeleton } from '@mantine/core';
import { memo, useId, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FigureWithPassport, PanelItem } from '../api/types';
import { Changed } from '../ui/changed';
import { JudgementBadge, TrustMarks } from '../ui/judgement';
import { ProblemNotice } from '../ui/notice';
import { useFormat } from '../ui/use_format';
import { ChangeLabel } from './change_label';
import { comparePeriods } from './comparison';
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

/**
 * One figure of a panel: value, judgement, step from an earlier period, trust marks, target, trend, age. Opens
 * its passport. Five rows that line up with those of its neighbours; it keeps its size from loading to live.
 */
export const FigureCard = memo(function FigureCard({ state, clock, frozen = false, onOpen }: FigureCardProps) {
  if (state.kind === 'loading') return <LoadingCard />;
  if (state.kind === 'failed') {
    return <article className={classes['card']} data-plain=""><ProblemNotice problem={state.problem} onRetry={state.retry} /></article>;
  }
  return <ReadyCard item={state.data} clock={clock} frozen={frozen} onOpen={onOpen} />;
});

function LoadingCard() {
  const { t } = useTranslation();
  return (
    <article className={classes['card']} aria-busy="true" aria-label={t('state.loading')}>
      <div className={classes['head']}>
        <div className={classes['title']}><Skeleton height="0.875rem" width="70%" mt="0.25rem" /></div>
        <div className={classes['period']}><Skeleton height="0.75rem" width="40%" mt="0.25rem" /></div>
      </div>
      <div className={classes['main']}><div className={classes['value']}><Skeleton height="1.75rem" width="6rem" mt="0.375rem" /></div></div>
      <div className={classes['marks']}><Skeleton height="1.25rem" width="5rem" radius="xl" /></div>
      <div className={classes['change']}><Skeleton height="0.75rem" width="60%" mt="0.1875rem" /></div>
      <footer className={classes['foot']}><Skeleton height="0.75rem" width="50%" mt="0.1875rem" /></footer>
    </article>
  );
}

function ReadyCard({ item, clock, frozen, onOpen }: { item: PanelItem } & Required<Omit<FigureCardProps, 'state'>>) {
  const { t } = useTranslation();
  const format = useFormat();
  const titleId = useId();
  const { figure, trend } = item;
  const age = ageOf(figure, clock);
  const comparison = useMemo(() => comparePeriods({ figure, trend }, clock), [figure, trend, clock]);
  return (
    <article
      className={classes['card']} aria-labelledby={titleId} data-testid="figure-card" data-indicator={figure.indicator}
      data-judgement={figure.judgement} data-silent={figure.trust_marks.includes('silent') || undefined} data-frozen={frozen || undefined}
    >
      <header className={classes['head']}>
        <h3 className={classes['title']} id={titleId}>
          <button type="button" className={classes['open']} onClick={() => { onOpen(figure); }} aria-haspopup="dialog">{format.text(figure.title)}</button>
        </h3>
        <p className={classes['period']}>{format.periodOf(figure.period)} {age !== null && !frozen && <Age seconds={age} />}</p>
      </header>
      <div className={classes['main']}>
        <CardValue figure={figure} />
        <SparkLine trend={trend} figure={figure} />
      </div>
      <div className={classes['marks']}>
        <JudgementBadge figure={figure} />
        {figure.target !== null && (
          <span className={classes['target']}>
            {t('figure.target', { value: format.amount(figure.target, null, figure.unit_of_measure) })}
            {figure.pace !== null && ` · ${t('figure.share_of_target', { share: format.decimal(figure.pace.share, 1) })}`}
          </span>
        )}
      </div>
      <div className={classes['change']}>{comparison && <ChangeLabel figure={figure} comparison={comparison} compact />}</div>
      <footer className={classes['foot']}>
        <TrustMarks marks={figure.trust_marks} />
        {age === null && <span className={classes['age']}>{t('figure.age_unknown')}</span>}
      </footer>
    </article>
  );
}

/** Seconds are no news to a reader, and ten cards that count them in step are a flicker: the first minute is one word. */
function Age({ seconds }: { seconds: number }) {
  const { t } = useTranslation();
  const age = useFormat().duration(seconds);
  return <span className={classes['age']} title={t('figure.age', { age })}>{seconds < 60 ? t('figure.age_now') : t('figure.age_short', { age })}</span>;
}

/** More characters than these are set in a smaller size. */
const longestLarge = 7;

function CardValue({ figure }: { figure: FigureWithPassport }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (figure.value === null) {
    return <p className={classes['none']}>{figure.no_value_reason === null ? t('figure.no_value') : t(`no_value_reason.${figure.no_value_reason}`)}</p>;
  }
  const shown = format.decimal(figure.value, figure.decimals);
  return (
    <p className={classes['value']} data-testid="figure-value" data-value={figure.value}>
      <span className={classes['number']} data-long={shown.length > longestLarge || undefined}><Changed value={figure.value}>{shown}</Changed></span>
      <span className={classes['unit']}>{format.unitOfMeasure(figure.unit_of_measure, figure.value)}</span>
    </p>
  );
}
