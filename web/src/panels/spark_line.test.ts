import { expect, it } from 'vitest';
import { sparkPath } from './spark_line';

it('leaves a gap where there is no value', () => {
  expect(sparkPath([1, 2, null, 4]).match(/M/g)).toHaveLength(2);
});
it('draws no line through a change of the unit', () => {
  expect(sparkPath([1, 2, 3, 4], [false, false, true, false]).match(/M/g)).toHaveLength(2);
});
it('draws a level line in the middle and nothing without values', () => {
  expect(sparkPath([3, 3])).toBe('M3.0 16.0h0L117.0 16.0');
  expect(sparkPath([null, null])).toBe('');
});
