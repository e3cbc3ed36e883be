import { useTranslation } from 'react-i18next';
import type { Figure, Trend } from '../api/types';
import { useFormat } from '../ui/use_format';
import classes from './spark_line.module.css';

const width = 120;
const height = 32;
const margin = 3;

/** Path of the line with a gap where there is no value; plain numbers, the y axis down. */
export function sparkPath(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return '';
  const lowest = Math.min(...known);
  const span = Math.max(...known) - lowest;
  const step = values.length > 1 ? (width - 2 * margin) / (values.length - 1) : 0;
  let pen = 'M';
  let path = '';
  values.forEach((value, index) => {
    if (value === null) {
      pen = 'M';
      return;
    }
    const y = span === 0 ? height / 2 : height - margin - ((value - lowest) / span) * (height - 2 * margin);
    path += `${pen}${(margin + index * step).toFixed(1)} ${y.toFixed(1)}`;
    if (pen === 'M') path += 'h0';
    pen = 'L';
  });
  return path;
}

/** The last periods as a small line, told in words to those who don't see it. */
export function SparkLine({ trend, figure }: { trend: Trend; figure: Pick<Figure, 'decimals'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const values = trend.map((point) => (point.value === null ? null : Number(point.value)));
  const known = trend.filter((point) => point.value !== null).sort((a, b) => Number(a.value) - Number(b.value));
  const first = trend[0];
  const last = trend.at(-1);
  const shown = (value: string | null | undefined) => (value ? format.decimal(value, figure.decimals) : '–');
  if (!first || !last || known.length < 2) return <div className={classes['line']} />;
  const label = t('figure.trend', {
    from: format.periodShort(first.period, ''), to: format.periodShort(last.period, ''),
    lowest: shown(known[0]?.value), highest: shown(known.at(-1)?.value), last: shown(last.value),
  });
  const lastKnown = values.findLastIndex((value) => value !== null);
  const end = sparkPath(values.map((value, index) => (index > lastKnown ? null : value))).split(/[ML]/).at(-1);
  return (
    <svg className={classes['line']} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <path className={classes['stroke']} d={sparkPath(values)} />
      <path className={classes['end']} d={`M${end ?? ''}h0`} data-judgement={trend[lastKnown]?.judgement} />
    </svg>
  );
}
