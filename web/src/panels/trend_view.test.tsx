import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { itemOf, show, somePanel } from '../../testing/render';

it('a chart that cannot be loaded, as when the server is gone, says so and can be tried again', async () => {
  vi.resetModules();
  vi.doMock('./trend_chart', () => { throw new TypeError('Failed to fetch dynamically imported module'); });
  const { TrendView } = await import('./trend_view');
  const { figure, trend } = itemOf(somePanel(), 'on_time_rate');
  show(<TrendView state={{ kind: 'ready', data: { figure, trend } }} />);
  expect(await screen.findByRole('alert')).toHaveTextContent('Không kết nối được với máy chủ');
  vi.doMock('./trend_chart', () => ({ default: () => <div data-testid="chart" /> }));
  await userEvent.click(screen.getByRole('button', { name: 'Thử lại' }));
  expect(await screen.findByTestId('chart')).toBeInTheDocument();
  vi.resetModules();
});
