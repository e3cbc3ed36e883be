import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '../../testing/render';
import type { ControlTotals } from '../api/types';
import { ControlTotalsText, DriftList, MissingRows, ReasonText } from './contract_notes';

type Control = NonNullable<ControlTotals>;

const sum = (told: string, accepted: string, agrees: boolean) => ({ dataset: 'visit', column: 'fee', told, arrived: accepted, accepted, agrees });

function control(change: Partial<Control>): Control {
  return { outcome: 'incomplete', cleared_by: 'any', period: null, rows_told: 48, rows_arrived: 48, rows_accepted: 48, sums: [], missing: 0, named: [], ...change };
}

it.each([
  [{ rows_accepted: 44, missing: 4 }, 'Thiếu dữ liệu: mới nhận 44 trong 48 dòng nguồn báo'],
  [{ rows_arrived: 50, rows_accepted: 50 }, 'Nguồn báo 48 dòng nhưng đã gửi 50 dòng'],
  [{ sums: [sum('10', '11', false)] }, 'Đủ 48 dòng, nhưng số tổng không khớp'],
  [{ sums: [sum('10', '10', true)], missing: 1 }, 'Đủ 48 dòng, nhưng thiếu bản ghi mà nguồn đã báo khóa'],
] as const)('says in which way rows do not agree: %j', (change, text) => {
  show(<ControlTotalsText control={control(change as Partial<Control>)} />);
  expect(screen.getByTestId('control-totals')).toHaveTextContent(text);
});

it('names missing rows of one personal key apart, why each is missing, and how many more there are', () => {
  const named = [1, 2].map((row) => ({ dataset: 'visit', key: '•••', raw_row: row, reason: 'not_a_date' }));
  show(<MissingRows control={control({ missing: 150, named, sums: [sum('48024', '48024.00', true)] })} />);
  const items = screen.getAllByRole('listitem');
  expect(items).toHaveLength(3);
  expect(items[0]).toHaveTextContent('không phải ngày');
  expect(items[2]).toHaveTextContent('và 148 dòng khác');
});

it('says how many times larger or smaller values are', () => {
  const changes = [{ kind: 'unit_changed' as const, column: 'phi', was: null, now: '-3' }, { kind: 'unit_changed' as const, column: 'so', was: null, now: '1' }];
  show(<DriftList drift={{ compared_with: 1, changes, more: 7 }} />);
  expect(screen.getByTestId('schema-drift')).toHaveTextContent(/phi.*nhỏ đi khoảng 1\.000 lần.*lớn gấp khoảng 10 lần.*và 7 thay đổi khác/);
});

it('tells events of contracts in the language of the screen', () => {
  show(<><p><ReasonText reason="control_totals" message="delivery 7 does not agree" /></p><p><ReasonText reason="no_connection" message="no answer" /></p></>);
  expect(screen.queryByText(/delivery 7/)).toBeNull();
  expect(screen.getByText(/không khớp với số tổng/)).toBeInTheDocument();
  expect(screen.getByText('no answer')).toBeInTheDocument();
});
