import type { Figure, Trend } from '../api/types';
import classes from './spark_line.module.css';
import { useTrendLabel } from './trend_label';

const width = 120;
const height = 32;
const margin = 3;

/**
 * Path of the line with a gap where there is no value, and before those points (`broken`) that are not to be joined to
 * the one before; plain numbers, the y axis down.
 */
export function sparkPath(values: readonly (number | null)[], broken: readonly boolean[] = []): string {
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
    if (broken[index]) pen = 'M';
    const y = span === 0 ? height / 2 : height - margin - ((value - lowest) / span) * (height - 2 * margin);
    path += `${pen}${(margin + index * step).toFixed(1)} ${y.toFixed(1)}`;
    if (pen === 'M') path += 'h0';
    pen = 'L';
  });
  return path;
}

/** The last periods as a small line, told in words to those who don't see it. */
export function SparkLine({ trend, figure }: { trend: Trend; figure: Pick<Figure, 'decimals'> }) {
  const label = useTrendLabel(trend, figure);
  const values = trend.map((point) => (point.value === null ? null : Number(point.value)));
  if (label === null) return <div className={classes['line']} />;
  const lastKnown = values.findLastIndex((value) => value !== null);
  const end = sparkPath(values.map((value, index) => (index > lastKnown ? null : value))).split(/[ML]/).at(-1);
  return (
    <svg className={classes['line']} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <path className={classes['stroke']} d={sparkPath(values, trend.map((point) => point.territory_changed))} />
      <path className={classes['end']} d={`M${end ?? ''}h0`} data-judgement={trend[lastKnown]?.judgement} />
    </svg>
  );
}
