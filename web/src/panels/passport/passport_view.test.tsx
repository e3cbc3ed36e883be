import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { itemOf, show, someProblem, somePanel, withFigure } from '../../../testing/render';
import { World } from '../../../testing/world.mjs';
import type { Explanation } from '../../api/types';
import type { PanelState } from '../panel_state';
import { PassportView, type ShownPassport } from './passport_view';

const draw = (state: PanelState<ShownPassport>) => show(<PassportView state={state} linkTo={(part) => <a href={`/r/${part.name}`}>{part.records}</a>} />);
const world = new World();
const changes = world.explanation('on_time_rate', world.findUnit('15'), '2026-11') as Explanation;
const ready = (change = {}): PanelState<ShownPassport> => {
  const item = itemOf(somePanel(change), 'on_time_rate');
  return { kind: 'ready', data: { figure: item.figure, trend: item.trend, changes } };
};

it('loading: says so', () => {
  draw({ kind: 'loading' });
  expect(screen.getByRole('status')).toBeInTheDocument();
});

it('live: shows every field of the passport, and each part leads on', async () => {
  draw(ready());
  for (const name of ['Đơn vị', 'Kỳ', 'Giá trị chính xác', 'Mục tiêu', 'Ngưỡng đánh giá', 'Nguồn', 'Số liệu tính đến', 'Nhận lúc', 'Từ tín hiệu cuối đến nay', 'Cam kết độ cập nhật', 'Số lần chuyển dữ liệu', 'Số bản ghi', 'Trạng thái công bố']) {
    expect(screen.getByText(name, { selector: 'dt' })).toBeInTheDocument();
  }
  expect(screen.getByText('100 * finished_on_time / finished')).toBeInTheDocument();
  expect(screen.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual(['/r/finished_on_time', '/r/finished']);
  expect(screen.getByText('1.284')).toBeInTheDocument();
  expect(screen.getAllByText('+214')).toHaveLength(2);
  expect(await screen.findByTestId('chart')).toBeInTheDocument();
});

it('pace: says what each working day that is left must bring, and what its calendar does not know', () => {
  const state = (change: object): PanelState<ShownPassport> => {
    const pace = { share: '63.24', remaining: '1103', working_days: 21, working_days_left: 11, needed_per_working_day: '100.27', expected: '1428.57', coverage: 'decided' as const, ...change };
    const item = withFigure(itemOf(somePanel(), 'finished_cases'), { target: '3000', pace });
    return { kind: 'ready', data: { figure: item.figure, trend: null, changes: null } };
  };
  draw(state({}));
  const fact = screen.getByText('Tiến độ', { selector: 'dt' }).parentElement!;
  expect(fact).toHaveTextContent('Đạt 63,2% mục tiêu');
  expect(fact).toHaveTextContent('Còn 11 trong 21 ngày làm việc');
  expect(fact).toHaveTextContent('Mỗi ngày làm việc còn lại cần 100,3 hồ sơ');
  expect(fact).toHaveTextContent('đến nay phải đạt 1.428,6 hồ sơ');
  expect(fact).not.toHaveTextContent('tạm thời');
});

it('pace: a period that is over, a target that is reached, a calendar that is provisional', () => {
  const item = withFigure(itemOf(somePanel(), 'finished_cases'), {
    target: '3000', pace: { share: '110', remaining: '0', working_days: 21, working_days_left: 0, needed_per_working_day: null, expected: '3000', coverage: 'provisional' },
  });
  draw({ kind: 'ready', data: { figure: item.figure, trend: null, changes: null } });
  const fact = screen.getByText('Tiến độ', { selector: 'dt' }).parentElement!;
  expect(fact).toHaveTextContent('Kỳ không còn ngày làm việc nào');
  expect(fact).toHaveTextContent('Đã đạt mục tiêu của kỳ');
  expect(fact).not.toHaveTextContent('Mỗi ngày làm việc còn lại');
  expect(fact).toHaveTextContent('tạm thời');
});

it('late: says so', () => {
  draw(ready({ late: true }));
  expect(screen.getByText('dữ liệu trễ')).toBeInTheDocument();
});

it('silent: names the silent source and keeps the judgement', () => {
  draw(ready({ silent: true }));
  expect(screen.getByText('mất tín hiệu', { selector: '[data-state]' })).toBeInTheDocument();
  expect(screen.getByText('Đạt')).toBeInTheDocument();
});

it('frozen: says so itself, since it covers the banner, and keeps the judgement', () => {
  const { data } = ready() as { data: ShownPassport };
  show(<PassportView state={{ kind: 'ready', data }} frozen linkTo={(part) => part.records} />);
  expect(screen.getByTestId('passport-view')).toHaveTextContent(/^Màn hình ngừng cập nhật/);
  expect(screen.getByText('Đạt')).toBeInTheDocument();
});

it('failed: tells the problem', () => {
  draw({ kind: 'failed', problem: someProblem });
  expect(screen.getByRole('alert')).toBeInTheDocument();
});

it('empty: says why there is no value', () => {
  const item = withFigure(itemOf(somePanel(), 'on_time_rate'), { value: null, no_value_reason: 'division_by_zero' });
  draw({ kind: 'ready', data: { figure: item.figure, trend: null, changes: null } });
  expect(screen.getByText('Mẫu số bằng 0')).toBeInTheDocument();
});

const vintage = { estimate: { vi: 'ước tính', en: 'estimate' }, final: { vi: 'chính thức', en: 'final' } };
const statement = (version: number, name: 'estimate' | 'final', value: string, change = {}) => ({
  version, vintage: name, vintage_title: vintage[name], state: 'shown' as const, value, difference: null, signer: 'Cục trưởng', note: null,
  source: 'statistics_office', delivery: version - 1, recorded_at: '2026-07-20T01:00:00Z', ...change,
});
const reportedState = (comparisons: ShownPassport['figure']['passport']['comparisons'] = []): PanelState<ShownPassport> => {
  const { figure } = withFigure(itemOf(somePanel(), 'finished_cases'), { value: '1010' });
  const reported = {
    dataset: 'statement', series: 'grdp', vintage: 'final', vintage_title: vintage.final, last_vintage: true, signer: 'Cục trưởng', note: 'Đính chính',
    source: 'statistics_office', version: 5, delivery: 4, recorded_at: '2026-07-20T01:00:00Z', statements: 2,
  };
  const passport = { ...figure.passport, formula: '', parts: [], reported, comparisons };
  const statements = [statement(2, 'estimate', '980', { state: 'hidden' as const }), statement(5, 'final', '1010', { difference: '30' })];
  return { kind: 'ready', data: { figure: { ...figure, passport }, trend: null, changes: null, statements } };
};

it('reported: says how final the value is, who signed it, and what was stated before', () => {
  show(<PassportView state={reportedState()} linkTo={() => null} linkToRow={(told) => <a href={`/versions/${told.version}`}>dòng gốc</a>} />);
  expect(screen.getByText('Mức độ chắc chắn', { selector: 'dt' }).parentElement).toHaveTextContent('chính thức');
  expect(screen.getByText('Ghi chú', { selector: 'dt' }).parentElement).toHaveTextContent('Đính chính');
  const rows = screen.getAllByRole('row').slice(1).map((row) => row.textContent);
  expect(rows[0]).toMatch(/ước tính980–nhường số chắc chắn hơn/);
  expect(rows[1]).toMatch(/chính thức1\.010\+30đang hiển thị/);
  expect(screen.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual(['/versions/2', '/versions/5']);
  expect(screen.queryByText('Công thức')).not.toBeInTheDocument();
});

it('contradicted: shows both values, the difference, what is allowed, and which part is missing', () => {
  const compared = {
    check: 'rice', title: { vi: 'Lúa của tỉnh và các xã', en: 'Rice' }, kind: 'parts' as const, indicator: 'rice', against: null, tree: 'territory' as const,
    unit: { code: '15', name: { vi: 'Lào Cai', en: 'Lao Cai' } }, period: reportedFigurePeriod(), agreement: 'contradicts' as const, reason: null,
    value: '1000', other: '950', difference: '50', allowed: '2', parts: 3, missing: [],
  };
  const unclear = {
    ...compared, check: 'other', title: { vi: 'Ngô', en: 'Maize' }, agreement: 'not_comparable' as const, reason: 'parts_missing' as const, difference: null, allowed: null,
    missing: [{ code: '1', name: { vi: 'Sa Pa', en: 'Sa Pa' } }],
  };
  show(<PassportView state={reportedState([compared, unclear])} linkTo={() => null} />);
  const row = screen.getByRole('row', { name: /Lúa của tỉnh/ });
  expect(row).toHaveTextContent('1.000');
  expect(row).toHaveTextContent('Tổng 3 đơn vị');
  expect(row).toHaveTextContent('+50');
  expect(row).toHaveTextContent('Cho phép 2');
  expect(row).toHaveTextContent('mâu thuẫn');
  expect(screen.getByRole('row', { name: /Ngô/ })).toHaveTextContent('Thiếu: Sa Pa');
});

function reportedFigurePeriod() {
  return itemOf(somePanel(), 'finished_cases').figure.period;
}
