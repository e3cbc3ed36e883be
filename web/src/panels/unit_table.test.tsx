import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { show, someProblem, somePanel } from '../../testing/render';
import type { PanelState } from './panel_state';
import type { PanelChild } from '../api/types';
import { arrangeUnits, UnitTable } from './unit_table';

const nothing = () => undefined;
const draw = (state: PanelState<readonly PanelChild[]>, onOpen = nothing as () => void) =>
  show(<UnitTable state={state} linkTo={(code, name) => <a href={`/u/${code}`}>{name}</a>} onOpen={onOpen} />);
// Queries by role are slow in jsdom: a dozen units show as much as a hundred.
const ready = (change = {}): PanelState<readonly PanelChild[]> => ({ kind: 'ready', data: somePanel(change).children.slice(0, 12) });
const rows = () => screen.getAllByTestId('unit-row').map((row) => within(row).getByRole('link').textContent);

it('loading: says so', () => {
  draw({ kind: 'loading' });
  expect(screen.getByRole('status')).toHaveAccessibleName('Đang tải…');
});

it('live: shows every unit with its figures and the mark they share', () => {
  draw(ready());
  expect(rows()).toHaveLength(12);
  expect(screen.getAllByLabelText('Độ tin cậy')).toHaveLength(1);
  expect(screen.getByLabelText('Độ tin cậy')).toHaveTextContent('mô phỏng');
});

it('silent and late: hatches the cells and keeps the judgement', () => {
  draw(ready({ silent: true, late: true }));
  expect(screen.getByLabelText('Độ tin cậy')).toHaveTextContent('trễmất tín hiệumô phỏng');
  expect(screen.getAllByRole('cell').every((cell) => cell.hasAttribute('data-silent'))).toBe(true);
  expect(screen.getAllByRole('button', { name: /Cần theo dõi/ }).length).toBeGreaterThan(0);
});

it('failed: tells the problem', () => {
  draw({ kind: 'failed', problem: someProblem });
  expect(screen.getByRole('alert')).toHaveTextContent('r-17');
});

it('empty: says that there are no units below', () => {
  draw({ kind: 'ready', data: [] });
  expect(screen.getByText('Đơn vị này không có đơn vị trực thuộc.')).toBeVisible();
});

it('finds a unit without diacritics and tells when none matches', async () => {
  draw(ready());
  await userEvent.type(screen.getByRole('searchbox'), 'cam duong');
  expect(rows()).toEqual(['Cam Đường']);
  await userEvent.type(screen.getByRole('searchbox'), 'x');
  expect(screen.getByText(/Không có đơn vị nào khớp/)).toBeVisible();
});

it('sorts by a figure, largest first, and tells it to screen readers', async () => {
  draw(ready());
  await userEvent.click(screen.getByRole('button', { name: /^Hồ sơ tiếp nhận/ }));
  expect(screen.getByRole('columnheader', { name: /Hồ sơ tiếp nhận/ })).toHaveAttribute('aria-sort', 'descending');
  const values = screen.getAllByTestId('unit-row').map((row) => parseInt(within(row).getAllByRole('cell')[2]!.textContent!, 10));
  expect(values).toEqual([...values].sort((a, b) => b - a));
});

it('puts units without a value last in both directions', () => {
  const { children } = somePanel();
  for (const descending of [true, false]) {
    const sorted = arrangeUnits(children, '', { column: 0, descending }, (child) => child.unit.name['vi'] ?? '');
    const values = sorted.map((child) => child.figures[0]!.value);
    expect(values.indexOf(null)).toBeGreaterThan(0);
    expect(values.slice(values.indexOf(null)).every((value) => value === null)).toBe(true);
  }
});

it('opens the passport of a cell', async () => {
  const open = vi.fn();
  draw(ready(), open);
  await userEvent.click(within(screen.getAllByTestId('unit-row')[0]!).getAllByRole('button')[0]!);
  expect(open).toHaveBeenCalledWith(expect.objectContaining({ indicator: 'on_time_rate' }));
});
