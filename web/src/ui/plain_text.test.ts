import { expect, it } from 'vitest';
import { plainText } from './plain_text';

it('forgets case, tone marks and đ, composed or not', () => {
  expect(plainText('  Mường Khương ')).toBe('muong khuong');
  expect(plainText('Cam Đường'.normalize('NFD'))).toBe('cam duong');
  expect(plainText('Hoà')).toBe(plainText('Hòa'));
});
