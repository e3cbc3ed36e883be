import { expect, it } from 'vitest';
import { kindOf, periodContaining, shiftPeriod } from './period';

it.each([
  ['2026-01', -1, '2025-12'], ['2026-12', 1, '2027-01'], ['2026-Q1', -1, '2025-Q4'], ['2026-Q4', 2, '2027-Q2'], ['2026', -1, '2025'],
  ['2026-W53', 1, '2027-W01'], ['2027-W01', -1, '2026-W53'], ['2028-02-28', 1, '2028-02-29'], ['2026-11-23T23', 1, '2026-11-24T00'], ['x', 1, 'x'],
])('shiftPeriod moves %s by %i to %s', (text, steps, expected) => {
  expect(shiftPeriod(text, steps)).toBe(expected);
});

it('periodContaining uses the time of the center', () => {
  const moment = new Date('2026-12-31T18:00:00Z');
  const zone = 'Asia/Ho_Chi_Minh';
  expect(periodContaining('day', moment, zone)).toBe('2027-01-01');
  expect(periodContaining('week', moment, zone)).toBe('2026-W53');
  expect(periodContaining('month', moment, zone)).toBe('2027-01');
  expect(periodContaining('quarter', moment, zone)).toBe('2027-Q1');
  expect(periodContaining('year', moment, zone)).toBe('2027');
});

it('kindOf tells the forms apart', () => {
  expect(['2026', '2026-Q4', '2026-W48', '2026-11', '2026-11-23', '2026-11-23T14', 'x'].map(kindOf))
    .toEqual(['year', 'quarter', 'week', 'month', 'day', 'hour', null]);
});
