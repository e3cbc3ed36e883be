import { useTranslation } from 'react-i18next';
import type { Figure } from '../api/types';
import { useFormat } from '../ui/use_format';
import classes from './change_label.module.css';
import type { Comparison } from './comparison';

interface ChangeLabelProps {
  figure: Pick<Figure, 'unit_of_measure' | 'decimals' | 'period'>;
  comparison: Comparison;
  /** Says only which period the step leads to, and nothing where that is the figure's own; all is in the title. */
  compact?: boolean;
}

/** A figure's step from an earlier period: arrow, amount, and whether it is for the better as a word. */
export function ChangeLabel({ figure, comparison, compact = false }: ChangeLabelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { difference, relative, direction, from, to, labels } = comparison;
  const unit = figure.unit_of_measure === 'percent' ? 'percentage_point' : figure.unit_of_measure;
  const amount = difference === 0 ? t('changes.unchanged') : relative === null
    ? format.difference(difference, figure.decimals, unit)
    : format.difference(100 * relative, 1, 'percent');
  const short = (period: string) => format.periodShort(period, figure.period.text.slice(0, 4), labels[period]);
  const isOwn = to === figure.period.text;
  const periods = isOwn ? t('changes.against', { from: short(from) }) : t('changes.of', { to: short(to), from: short(from) });
  return (
    <span className={classes['label']} data-direction={direction} title={periods}>
      <span className={classes['amount']}>
        <span aria-hidden="true">{difference > 0 ? '▲' : difference < 0 ? '▼' : '■'}</span> {amount}
        {direction !== 'level' && <span>{t(`changes.${direction}`)}</span>}
      </span>
      {!compact ? <span className={classes['periods']}>{periods}</span> : !isOwn && <span className={classes['periods']}>{short(to)}</span>}
    </span>
  );
}
