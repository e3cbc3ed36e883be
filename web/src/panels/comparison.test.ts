import { describe, expect, it } from 'vitest';
import { itemOf, somePanel, withFigure } from '../../testing/render';
import type { PanelItem } from '../api/types';
import { comparePeriods, largestChanges } from './comparison';

const clock = '2026-11-23T07:05:09Z';
const panel = somePanel();

function withTrend(item: PanelItem, values: Record<string, string | null>): PanelItem {
  return { ...item, trend: Object.entries(values).map(([period, value]) => ({ period, value, judgement: 'not_judged' as const, no_value_reason: null, restated: false, territory_changed: false })) };
}

describe('comparePeriods', () => {
  it('compares the running month of a share with the month before', () => {
    const item = withTrend(itemOf(panel, 'on_time_rate'), { '2026-10': '97', '2026-11': '95.5' });
    expect(comparePeriods(item, clock)).toMatchObject({ from: '2026-10', to: '2026-11', difference: -1.5, relative: null, direction: 'worse' });
  });

  it('compares a running day of an amount over finished days, with the same weekday', () => {
    const item = withTrend(itemOf(panel, 'received_cases'), { '2026-11-15': '80', '2026-11-16': '700', '2026-11-22': '100', '2026-11-23': '12' });
    expect(comparePeriods(item, clock)).toMatchObject({ from: '2026-11-15', to: '2026-11-22', difference: 20, relative: 0.25, direction: 'level' });
  });

  it('compares a finished period itself', () => {
    const item = withTrend(itemOf(panel, 'overdue_cases'), { '2026-11-16': '300', '2026-11-23': '240' });
    expect(comparePeriods(item, '2026-11-24T00:00:00Z')).toMatchObject({ to: '2026-11-23', difference: -60, direction: 'better' });
  });

  it('does not take a share of too few cases for a change', () => {
    const item = withFigure(withTrend(itemOf(panel, 'on_time_rate'), { '2026-09': '96', '2026-10': '97', '2026-11': '10' }), { not_judged_reason: 'too_few_cases' });
    expect(comparePeriods(item, clock)).toMatchObject({ from: '2026-09', to: '2026-10' });
  });

  it('follows the trend in another regime, and knows what its periods are called', () => {
    const item = withTrend(itemOf(panel, 'received_cases'), { 'reporting:2026-10': '80', 'reporting:2026-11': '100', 'reporting:2026-12': '7' });
    const trend = item.trend.map((point) => ({ ...point, label: { vi: `Kỳ ${point.period}` } }));
    const figure = { ...item.figure, period: { ...item.figure.period, text: 'reporting:2026-12', regime: 'reporting', to: '2026-12-14T17:00:00Z' } };
    const compared = comparePeriods({ figure, trend }, clock);
    expect(compared).toMatchObject({ from: 'reporting:2026-10', to: 'reporting:2026-11', relative: 0.25 });
    expect(compared?.labels['reporting:2026-11']).toEqual({ vi: 'Kỳ reporting:2026-11' });
    expect(comparePeriods({ figure, trend: trend.slice(1) }, clock)).toBeNull();
  });

  it('says nothing when the trend does not reach back, has a gap, or is not there', () => {
    const item = itemOf(panel, 'on_time_rate');
    const short: Record<string, string | null>[] = [{ '2026-11': '95' }, { '2026-10': null, '2026-11': '95' }, {}];
    for (const values of short) expect(comparePeriods(withTrend(item, values), clock)).toBeNull();
  });

  it('calls a step that cannot be seen in what is shown no step', () => {
    const score = withTrend(itemOf(panel, 'satisfaction_score'), { '2026-10': '4.4381', '2026-11': '4.4360' });
    expect(comparePeriods(score, clock)).toMatchObject({ difference: 0, direction: 'level' });
    const amount = withTrend(itemOf(panel, 'overdue_cases'), { '2026-11-15': '30000', '2026-11-22': '30014' });
    expect(comparePeriods(amount, clock)).toMatchObject({ difference: 0, relative: 0, direction: 'level' });
  });

  it('has no relative step from zero', () => {
    const item = withTrend(itemOf(panel, 'overdue_cases'), { '2026-11-15': '0', '2026-11-22': '4' });
    expect(comparePeriods(item, clock)).toMatchObject({ difference: 4, relative: null, direction: 'worse' });
  });
});

describe('largestChanges', () => {
  it('puts first what is unusual for the figure, not what is large', () => {
    const months = (values: string[]) => Object.fromEntries(values.map((value, index) => [`2026-${String(12 - values.length + index).padStart(2, '0')}`, value]));
    const lively = withTrend(itemOf(panel, 'online_share'), months(['50', '60', '50', '60', '50', '62']));
    const calm = withTrend(itemOf(panel, 'digitisation_rate'), months(['80', '80.5', '81', '80.5', '80', '84']));
    const still = withTrend(itemOf(panel, 'on_time_rate'), months(['95', '95', '95', '95', '95', '95']));
    expect(largestChanges([lively, calm, still], clock, 3).map((change) => change.item)).toEqual([calm, lively]);
    expect(largestChanges([lively, calm, still], clock, 1)).toHaveLength(1);
  });
});
