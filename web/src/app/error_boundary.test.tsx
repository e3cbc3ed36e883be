import { screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { show } from '../../testing/render';
import { ErrorBoundary } from './error_boundary';
import { reloadOnceServed } from './reload';

function Defect(): never {
  throw new Error('a defect');
}

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

it('a defect of a screen leaves a notice, never a blank display', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  show(<ErrorBoundary><Defect /></ErrorBoundary>);
  expect(screen.getByTestId('broken')).toHaveTextContent('Màn hình gặp lỗi');
  expect(screen.getByRole('button', { name: 'Tải lại ngay' })).toBeInTheDocument();
});

it('loads the page anew only once the server answers, looking at most every 10 s', async () => {
  const answers = vi.fn(() => Promise.reject(new TypeError('unreachable')) as Promise<Response>);
  vi.stubGlobal('fetch', answers);
  const reload = vi.fn();
  const stop = reloadOnceServed(reload);
  await vi.advanceTimersByTimeAsync(9_900);
  expect(answers).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(50_000);
  expect(reload).not.toHaveBeenCalled();
  answers.mockImplementation(() => Promise.resolve(new Response('')));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(reload).toHaveBeenCalledOnce();
  stop();
});
