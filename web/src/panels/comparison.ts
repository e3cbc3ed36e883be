import type { Better, LocalizedText, PanelItem, Trend } from '../api/types';
import { kindOf, shiftPeriod } from '../ui/period';

/** A figure's step from an earlier period, with both periods named. Differences are for showing only. */
export interface Comparison {
  from: string;
  to: string;
  /** What the two are called, by their texts; nothing for those of the calendar. */
  labels: Record<string, LocalizedText | undefined>;
  /** Signed difference in the figure's unit of measure; 0 when it is too small to be seen in what is shown of it. */
  difference: number;
  /** Difference ÷ earlier value; null when that is zero or the figure is a share itself. */
  relative: number | null;
  /** Whether the step is for the better; `level` when the figure has no better direction or did not move. */
  direction: 'better' | 'worse' | 'level';
  /** How unusual the step is: its size ÷ the usual size of such steps in the trend. */
  weight: number;
}

const ratios = new Set(['percent', 'percentage_point', 'per_mille', 'point']);

/** Periods from one to the one it is compared with: a day with the same weekday, others with the one before. */
function stepsBack(period: string): number {
  return kindOf(period) === 'day' ? 7 : kindOf(period) === 'hour' ? 24 : 1;
}

/** The period `steps` before one of the trend: counted on the calendar, in another regime along the trend, which has no gap. */
function earlierIn(trend: Trend, period: string, steps: number): string {
  if (kindOf(period) !== null) return shiftPeriod(period, -steps);
  return trend[trend.findIndex((point) => point.period === period) - steps]?.period ?? '';
}

function valueAt(trend: Trend, period: string): number | null {
  const value = trend.find((point) => point.period === period)?.value ?? null;
  return value === null ? null : Number(value);
}

/** The usual size of a step of so many periods; 0 when the trend is too short to tell. */
function usualStep(trend: Trend, back: number): number {
  const steps = trend.flatMap((point) => {
    const earlier = valueAt(trend, earlierIn(trend, point.period, back));
    return point.value === null || earlier === null ? [] : [Math.abs(Number(point.value) - earlier)];
  }).sort((a, b) => a - b);
  return steps.length < 3 ? 0 : steps[Math.floor(steps.length / 2)] ?? 0;
}

function directionOf(difference: number, better: Better): Comparison['direction'] {
  if (difference === 0 || better === 'neither') return 'level';
  return (difference > 0) === (better === 'higher') ? 'better' : 'worse';
}

/**
 * What changed since the period before, from the item's own trend. A day is compared with the same
 * weekday a week before, other periods with the one before. The running period counts only for shares
 * and scores that have enough cases: how much of an amount is still to come is not known, so an amount
 * is compared over the last finished periods. Null when the trend does not reach back far enough.
 * `clock` is the center's; the earlier of two finished periods is never later than it.
 */
export function comparePeriods({ figure, trend }: Pick<PanelItem, 'figure' | 'trend'>, clock: string | null): Comparison | null {
  const running = clock === null || Date.parse(figure.period.to) > Date.parse(clock);
  const ratio = ratios.has(figure.unit_of_measure) && figure.value !== null && figure.not_judged_reason !== 'too_few_cases';
  const to = running && !ratio ? earlierIn(trend, figure.period.text, 1) : figure.period.text;
  const back = stepsBack(to);
  const from = earlierIn(trend, to, back);
  const [now, earlier] = [valueAt(trend, to), valueAt(trend, from)];
  if (now === null || earlier === null) return null;
  const exact = now - earlier;
  const asShare = !ratios.has(figure.unit_of_measure) && earlier !== 0;
  const isSeen = asShare ? Math.abs(exact / earlier) >= 0.0005 : Number(exact.toFixed(figure.decimals)) !== 0;
  const difference = isSeen ? exact : 0;
  const usual = usualStep(trend, back);
  const share = earlier === 0 ? Number(difference !== 0) : Math.abs(difference / earlier);
  return {
    from, to, difference, direction: directionOf(difference, figure.better), weight: usual > 0 ? Math.abs(difference) / usual : share,
    relative: asShare ? difference / earlier : null,
    labels: Object.fromEntries(trend.filter(({ period }) => period === from || period === to).map(({ period, label }) => [period, label])),
  };
}

export interface Change { item: PanelItem; comparison: Comparison }

/** The most unusual steps of a panel's figures, at most `most`; what did not move is no change. */
export function largestChanges(items: readonly PanelItem[], clock: string | null, most: number): Change[] {
  return items
    .flatMap((item) => {
      const comparison = comparePeriods(item, clock);
      return comparison === null || comparison.difference === 0 ? [] : [{ item, comparison }];
    })
    .sort((a, b) => b.comparison.weight - a.comparison.weight || a.item.position - b.item.position)
    .slice(0, most);
}
