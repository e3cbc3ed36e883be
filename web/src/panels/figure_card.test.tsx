import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { itemOf, show, someProblem, somePanel, withFigure } from '../../testing/render';
import { ageOf, FigureCard } from './figure_card';

const clock = '2026-11-23T07:05:09Z';
const nothing = () => undefined;
const card = () => screen.getByTestId('figure-card');

it('loading: says so and shows no figure', () => {
  show(<FigureCard state={{ kind: 'loading' }} clock={null} onOpen={nothing} />);
  expect(screen.getByRole('article')).toHaveAttribute('aria-busy', 'true');
  expect(screen.queryByTestId('figure-value')).toBeNull();
});

it('live: shows value, unit, judgement as a word, simulated mark, target, age and trend', () => {
  show(<FigureCard state={{ kind: 'ready', data: itemOf(somePanel(), 'on_time_rate') }} clock={clock} onOpen={nothing} />);
  expect(screen.getByTestId('figure-value')).toHaveTextContent(/^\d+,\d%$/);
  expect(card()).toHaveTextContent('Đạt');
  expect(card()).toHaveTextContent('mô phỏng');
  expect(card()).toHaveTextContent('Mục tiêu 98%');
  expect(screen.getByTitle('Tín hiệu cuối của nguồn: 3 giây trước')).toHaveTextContent('vừa xong');
  expect(screen.getByRole('img')).toHaveAccessibleName(/Diễn biến từ tháng 12\/2025 đến tháng 11\/2026/);
});

it('says how much of the target is done where there is a pace', () => {
  const pace = { share: '63.24', remaining: '1103', working_days: 21, working_days_left: 11, needed_per_working_day: '100.27', expected: '1428.57', coverage: 'decided' as const };
  show(<FigureCard state={{ kind: 'ready', data: withFigure(itemOf(somePanel(), 'finished_cases'), { target: '3000', pace }) }} clock={clock} onOpen={nothing} />);
  expect(card()).toHaveTextContent('Mục tiêu 3.000 hồ sơ · đạt 63,2%');
});

it('late: says so beside the judgement', () => {
  show(<FigureCard state={{ kind: 'ready', data: itemOf(somePanel({ late: true }), 'on_time_rate') }} clock={clock} onOpen={nothing} />);
  expect(card()).toHaveTextContent('trễ');
  expect(card()).toHaveTextContent('Đạt');
});

it('silent: is hatched and keeps value and judgement', () => {
  const heard = itemOf(somePanel(), 'overdue_cases');
  show(<FigureCard state={{ kind: 'ready', data: itemOf(somePanel({ silent: true }), 'overdue_cases') }} clock={clock} onOpen={nothing} />);
  expect(card()).toHaveAttribute('data-silent');
  expect(card()).toHaveAttribute('data-judgement', heard.figure.judgement);
  expect(card()).toHaveTextContent('mất tín hiệu');
  expect(card()).toHaveTextContent('47 phút trước');
  expect(screen.getByTestId('figure-value')).toHaveAttribute('data-value', heard.figure.value);
});

it('frozen: is marked and keeps the judgement', () => {
  const item = itemOf(somePanel(), 'overdue_cases');
  show(<FigureCard state={{ kind: 'ready', data: item }} clock={clock} frozen onOpen={nothing} />);
  expect(card()).toHaveAttribute('data-frozen');
  expect(card()).not.toHaveTextContent('vừa xong');
  expect(card()).toHaveAttribute('data-judgement', item.figure.judgement);
});

it('failed: tells the problem and offers to try again', async () => {
  const retry = vi.fn();
  show(<FigureCard state={{ kind: 'failed', problem: someProblem, retry }} clock={null} onOpen={nothing} />);
  expect(screen.getByRole('alert')).toHaveTextContent('Không kết nối được với máy chủ');
  await userEvent.click(screen.getByRole('button', { name: 'Thử lại' }));
  expect(retry).toHaveBeenCalledOnce();
});

it('empty: says why there is no value and never shows a zero', () => {
  const item = withFigure(itemOf(somePanel(), 'on_time_rate'), { value: null, no_value_reason: 'no_records', judgement: 'not_judged', not_judged_reason: 'no_value' });
  show(<FigureCard state={{ kind: 'ready', data: item }} clock={clock} onOpen={nothing} />);
  expect(card()).toHaveTextContent('Chưa có bản ghi');
  expect(card()).toHaveTextContent('Chưa đánh giá được');
  expect(screen.queryByTestId('figure-value')).toBeNull();
});

it('opens its passport by keyboard', async () => {
  const open = vi.fn();
  const item = itemOf(somePanel(), 'received_cases');
  show(<FigureCard state={{ kind: 'ready', data: item }} clock={clock} onOpen={open} />);
  await userEvent.tab();
  await userEvent.keyboard('{Enter}');
  expect(open).toHaveBeenCalledWith(item.figure);
});

it('ageOf counts to the oldest source and knows when it does not know', () => {
  const { figure } = itemOf(somePanel({ silent: true }), 'received_cases');
  expect(ageOf(figure, clock)).toBe(47 * 60);
  expect(ageOf(figure, null)).toBeNull();
});
