import { describe, expect, it } from 'vitest';
import { formatBytes, formatDecimal, roundDecimal } from './number_format';

describe('roundDecimal', () => {
  it.each([
    ['0.125', 2, '0.13'], ['-0.125', 2, '-0.13'], ['2.5', 0, '3'], ['-0.4', 0, '0'], ['7', 2, '7.00'], ['99.95', 1, '100.0'],
    ['123456789012345678901234567890.5', 0, '123456789012345678901234567891'],
  ])('rounds %s to %i decimals half away from zero', (text, decimals, expected) => {
    expect(roundDecimal(text, decimals)).toBe(expected);
  });
});

describe('formatDecimal', () => {
  it('groups by the language', () => {
    expect(formatDecimal('1234567.84', 1, 'vi')).toBe('1.234.567,8');
    expect(formatDecimal('1234567.84', 1, 'en')).toBe('1,234,567.8');
  });
  it('keeps every digit when no decimals are given', () => {
    expect(formatDecimal('-1000.000100', null, 'vi')).toBe('\u22121.000,000100');
  });
  it('leaves alone what is no number', () => {
    expect(formatDecimal('n/a', 1, 'vi')).toBe('n/a');
  });
});

it('formatBytes chooses the unit', () => {
  expect(formatBytes(31_816, 'vi')).toBe('31,8 kB');
  expect(formatBytes(12, 'en')).toBe('12 B');
});
