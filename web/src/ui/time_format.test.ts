import { expect, it } from 'vitest';
import { formatMoment, formatWeekday, fromLocalField, toLocalField } from './time_format';

const zone = 'Asia/Ho_Chi_Minh';

it('shows a moment in the time of the center', () => {
  expect(formatMoment('2026-11-23T17:05:09Z', zone, 'vi')).toBe('24/11/2026 00:05');
  expect(formatMoment('2026-11-23T17:05:09Z', zone, 'en', true)).toBe('24 Nov 2026, 00:05:09');
});

it('names the day of the week in the time of the center and the language of the reader', () => {
  expect(formatWeekday('2026-11-23T17:05:09Z', zone, 'vi')).toBe('Thứ Ba');
  expect(formatWeekday('2026-11-23T16:05:09Z', zone, 'en')).toBe('Monday');
});

it('reads a local time back as the same moment', () => {
  expect(toLocalField(new Date('2026-11-23T17:05:09Z'), zone)).toBe('2026-11-24T00:05:09');
  expect(fromLocalField('2026-11-24T00:05:09', zone)).toBe('2026-11-23T17:05:09Z');
  expect(fromLocalField('2026-11-24T00:05', zone)).toBe('2026-11-23T17:05:00Z');
  expect(fromLocalField('', zone)).toBeNull();
});
