import { Skeleton } from '@mantine/core';
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Changed } from '../ui/changed';
import { EmptyNote, ProblemNotice } from '../ui/notice';
import { JudgementShape } from '../ui/shape';
import { useFormat } from '../ui/use_format';
import type { PanelState } from './panel_state';
import { rankUnits, type RankedUnit } from './ranking';
import classes from './unit_ranking.module.css';

interface UnitRankingProps {
  state: PanelState<readonly RankedUnit[]>;
  title: string;
  most?: number;
  /** Numbers the rows, as a map beside the list does its tiles. */
  numbered?: boolean;
  frozen?: boolean;
  /** Where a unit's row leads; null leaves the name as text. */
  hrefOf: ((code: string) => string) | null;
  /** Chooses a unit in place of leading to it. */
  onChoose?: (code: string) => void;
  chosen?: string | null;
}

/** A figure broken down to units, worst first, as bars that start at zero. */
export const UnitRanking = memo(function UnitRanking({ state, title, most = 5, frozen = false, ...rest }: UnitRankingProps) {
  const { t } = useTranslation();
  return (
    <section className={classes['ranking']} aria-label={title} data-frozen={frozen || undefined}>
      <header className={classes['head']}>
        <h3 className={classes['title']}>{title}</h3>
        {state.kind === 'ready' && <MoreBad units={state.data} most={most} />}
      </header>
      {state.kind === 'loading' ? <LoadingRows count={most} /> : state.kind === 'failed' ? <ProblemNotice problem={state.problem} onRetry={state.retry} />
        : state.data.length === 0 ? <EmptyNote>{t('units.empty')}</EmptyNote> : <Rows units={state.data} most={most} {...rest} />}
    </section>
  );
});

/** How many bad ones the list has no room for: it must not look as if it named them all. */
function MoreBad({ units, most }: { units: readonly RankedUnit[]; most: number }) {
  const { t } = useTranslation();
  const count = units.filter(({ figure }) => figure.judgement === 'bad').length - most;
  return count > 0 ? <p className={classes['more']}>{t('where.more_bad', { count })}</p> : null;
}

function LoadingRows({ count }: { count: number }) {
  const { t } = useTranslation();
  return (
    <div className={classes['list']} role="status" aria-label={t('state.loading')}>
      {Array.from({ length: count }, (_, index) => <div key={index} className={classes['row']}><Skeleton height="1rem" className={classes['wide'] ?? ''} /></div>)}
    </div>
  );
}

function Rows({ units, most, numbered = false, ...rest }: { units: readonly RankedUnit[]; most: number } & Pick<UnitRankingProps, 'numbered' | 'hrefOf' | 'onChoose' | 'chosen'>) {
  const ranked = useMemo(() => rankUnits(units), [units]);
  const shown = ranked.slice(0, most);
  const isJudged = ranked.some(({ figure }) => figure.judgement !== 'not_judged');
  const largest = Math.max(0, ...ranked.map((unit) => Math.abs(Number(unit.figure.value ?? 0))));
  return (
    <ol className={classes['list']} data-judged={isJudged || undefined}>
      {shown.map((unit, index) => <Row key={`${unit.code} ${unit.figure.indicator} ${unit.figure.period.text}`} unit={unit} number={numbered ? index + 1 : null} isJudged={isJudged} largest={largest} {...rest} />)}
    </ol>
  );
}

/** Where no unit is judged a row bears no sign of a judgement. */
interface RowProps { unit: RankedUnit; number: number | null; isJudged: boolean; largest: number }

function Row({ unit, number, isJudged, largest, hrefOf, onChoose, chosen }: RowProps & Pick<UnitRankingProps, 'hrefOf' | 'onChoose' | 'chosen'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const { figure, name, code } = unit;
  const share = largest === 0 || figure.value === null ? 0 : (100 * Math.abs(Number(figure.value))) / largest;
  return (
    <li className={classes['row']} data-testid="ranked" data-unit={code} data-chosen={chosen === code || undefined} data-silent={figure.trust_marks.includes('silent') || undefined}>
      <span className={classes['name']}>
        {number !== null && <span className={classes['number']} aria-hidden="true">{number}</span>}
        {onChoose ? <button type="button" aria-pressed={chosen === code} onClick={() => { onChoose(code); }}>{name}</button>
          : hrefOf ? <Link to={hrefOf(code)}>{name}</Link> : name}
      </span>
      <svg className={classes['bar']} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" data-judgement={figure.judgement}>
        <rect className={classes['track']} width="100" height="4" /><rect className={classes['fill']} width={share.toFixed(1)} height="4" />
      </svg>
      <span className={classes['value']}>
        <Changed value={figure.value}>{figure.value === null ? '–' : format.decimal(figure.value, figure.decimals)}</Changed>
        <span className={classes['unit']}>{figure.value === null ? '' : format.unitOfMeasure(figure.unit_of_measure, figure.value)}</span>
      </span>
      {isJudged && <span className={classes['judgement']} role="img" aria-label={t(`judgement.${figure.judgement}`)} title={t(`judgement.${figure.judgement}`)}><JudgementShape judgement={figure.judgement} /></span>}
    </li>
  );
}
