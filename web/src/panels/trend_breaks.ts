import type { Trend } from '../api/types';

/** Points of a trend, from `from` up to and without `to`, between which a line may be drawn. */
export interface TrendPart { from: number; to: number }

/** The trend cut where the unit became another one: no line leads from what it was to what it is. */
export function partsOf(trend: Trend): TrendPart[] {
  const cuts = trend.flatMap((point, index) => (index > 0 && point.territory_changed ? [index] : []));
  return [0, ...cuts].map((from, index) => ({ from, to: cuts[index] ?? trend.length }));
}

const told = ['not_comparable', 'changed_within_period', 'incomplete', 'unit_not_on_day'] as const;
export type BreakReason = 'territory_changed' | (typeof told)[number];

/** Why a line is broken, from one period to another (both included). */
export interface TrendBreak { reason: BreakReason; first: Trend[number]; last: Trend[number] }

/** The breaks that have to do with the territory; of those alike that follow each other one. */
export function breaksOf(trend: Trend): TrendBreak[] {
  const breaks: TrendBreak[] = [];
  let open: TrendBreak | null = null;
  trend.forEach((point, index) => {
    const reason = told.find((one) => point.value === null && one === point.no_value_reason);
    if (reason === undefined) open = null;
    else if (open?.reason === reason) open.last = point;
    else {
      open = { reason, first: point, last: point };
      breaks.push(open);
    }
    if (index > 0 && point.territory_changed) breaks.push({ reason: 'territory_changed', first: point, last: point });
  });
  return breaks;
}
