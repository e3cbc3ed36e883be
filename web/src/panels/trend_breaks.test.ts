import { expect, it } from 'vitest';
import type { Trend } from '../api/types';
import { breaksOf, partsOf } from './trend_breaks';

function point(period: string, value: string | null, reason: string | null = null, changed = false): Trend[number] {
  return { period, value, no_value_reason: reason, judgement: 'not_judged', restated: false, territory_changed: changed };
}

it('cuts the line where the unit became another one', () => {
  const trend = [point('2025-05', '1'), point('2025-06', '2'), point('2025-07', '9', null, true), point('2025-08', '8')];
  expect(partsOf(trend)).toEqual([{ from: 0, to: 2 }, { from: 2, to: 4 }]);
  expect(breaksOf(trend).map(({ reason, first }) => [reason, first.period])).toEqual([['territory_changed', '2025-07']]);
});

it('tells once why several periods in a row have no figure', () => {
  const trend = [point('2025-05', null, 'not_comparable'), point('2025-06', null, 'not_comparable'), point('2025-07', null, 'no_records'), point('2025-08', '8')];
  expect(partsOf(trend)).toEqual([{ from: 0, to: 4 }]);
  expect(breaksOf(trend).map(({ reason, first, last }) => [reason, first.period, last.period])).toEqual([['not_comparable', '2025-05', '2025-06']]);
});
