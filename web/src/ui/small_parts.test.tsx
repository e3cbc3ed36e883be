import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { show } from '../../testing/render';
import { Changed } from './changed';
import { Choice } from './choice';
import { Menu } from './menu';
import { useFormat } from './use_format';

function Counter() {
  const [value, setValue] = useState('1');
  return <><Changed value={value}>{value}</Changed><button type="button" onClick={() => { setValue('2'); }}>next</button><button type="button" onClick={() => { setValue((now) => now); }}>same</button></>;
}

it('marks a value only when it became another one', async () => {
  show(<Counter />);
  expect(screen.getByText('1')).not.toHaveAttribute('data-changed');
  await userEvent.click(screen.getByText('same'));
  expect(screen.getByText('1')).not.toHaveAttribute('data-changed');
  await userEvent.click(screen.getByText('next'));
  expect(screen.getByText('2')).toHaveAttribute('data-changed');
});

it('a menu opens, Escape closes it and gives the focus back, a press outside closes it', async () => {
  show(<><Menu label="settings" button="open"><p>inside</p></Menu><p>outside</p></>);
  const opener = screen.getByRole('button');
  await userEvent.click(opener);
  expect(opener).toHaveAttribute('aria-expanded', 'true');
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByText('inside')).toBeNull();
  expect(opener).toHaveFocus();
  await userEvent.click(opener);
  await userEvent.click(screen.getByText('outside'));
  expect(screen.queryByText('inside')).toBeNull();
});

it('a choice says which one is chosen', async () => {
  const change = vi.fn();
  show(<Choice label="by" value="a" options={[{ value: 'a', label: 'A' }, { value: 'b', label: 'B' }]} onChange={change} />);
  expect(screen.getByRole('button', { name: 'A' })).toHaveAttribute('aria-pressed', 'true');
  await userEvent.click(screen.getByRole('button', { name: 'B' }));
  expect(change).toHaveBeenCalledWith('b');
});

function Words() {
  const format = useFormat();
  return <p>{[format.unitOfMeasure('point', '4.5'), format.unitOfMeasure('case', '1'), format.unitOfMeasure('nautical_mile'), format.periodShort('2026-10', '2026'), format.periodShort('2025-12', '2026'), format.periodShort('2026-11-22', '2026'), format.difference(-1.25, 1), format.difference(0.04, 1), format.difference(12, 0), format.amount('97.25', 1, 'percent'), format.difference(-2, 0, 'case'), format.difference(5.04, 1, 'percent')].join(' | ')}</p>;
}

it('has words for units of measure, shows an unknown one as declared, and names periods shortly', () => {
  show(<Words />);
  expect(screen.getByText(/điểm/)).toHaveTextContent('điểm | hồ sơ | nautical mile | tháng 10 | tháng 12/2025 | 22/11 | −1,3 | 0,0 | +12 | 97,3% | −2 hồ sơ | +5,0%');
});
