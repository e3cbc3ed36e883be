import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { itemOf, show, someProblem, somePanel } from '../../../testing/render';
import type { FlowWidget, RankingRow, RankingWidget, SourcesWidget } from '../../api/types';
import { FlowBars } from './flow_bars';
import { PanelText } from './panel_text';
import { SourceList } from './source_list';
import { UnitPlaces } from './unit_places';

const nothing = () => undefined;
const hrefOf = (code: string) => `/unit/${code}`;
const ready = <T,>(data: T) => ({ kind: 'ready' as const, data });

function flowOf(change: Partial<FlowWidget> = {}, world: Parameters<typeof somePanel>[0] = {}): FlowWidget {
  return {
    position: 3, kind: 'flow', figure: itemOf(somePanel(world), 'received_cases').figure, by: { column: 'channel', title: { vi: 'Kênh nộp' }, type: 'text' }, more: 0,
    rows: [
      { value: 'trực tuyến', amount: '150', no_value_reason: null, share: '75.0000' },
      { value: null, amount: '50', no_value_reason: null, share: '25.0000' },
    ],
    ...change,
  };
}

function unitOf(code: string, name: string, change: Partial<RankingRow>): RankingRow {
  return { unit: { code, name: { vi: name } }, place: null, not_ranked_reason: null, value: null, no_value_reason: null, judgement: 'not_judged', place_before: null, value_before: null, ...change };
}

function rankingOf(units: RankingRow[], world: Parameters<typeof somePanel>[0] = {}): RankingWidget {
  const { figure } = itemOf(somePanel(world), 'on_time_rate');
  return { position: 4, kind: 'ranking', figure, before: { text: '2026-10', regime: 'calendar', kind: 'month', from: '2026-09-30T17:00:00Z', to: '2026-10-31T17:00:00Z' }, units };
}

const units = [
  unitOf('1', 'Sa Pa', { place: 1, value: '98.5', judgement: 'good', place_before: 3, value_before: '95' }),
  unitOf('2', 'Bắc Hà', { place: 2, value: '96', judgement: 'good', place_before: 1, value_before: '97' }),
  unitOf('3', 'Mậu A', { place: 3, value: '91', judgement: 'watch' }),
  unitOf('4', 'Y Tý', { not_ranked_reason: 'too_few_cases', value: '100' }),
  unitOf('5', 'A Mú Sung', { not_ranked_reason: 'no_value', no_value_reason: 'no_records' }),
];

it('flow, live: rows in the given order with number and share, the unknown value named', () => {
  show(<FlowBars state={ready(flowOf())} onOpen={nothing} />);
  const rows = screen.getAllByTestId('flow-row');
  expect(rows.map((row) => row.textContent)).toEqual(['trực tuyến150 hồ sơ75,0%', 'Không rõ50 hồ sơ25,0%']);
  expect(screen.getByTestId('flow')).toHaveAccessibleName(/theo Kênh nộp$/);
  expect(screen.getByTestId('flow')).toHaveTextContent('mô phỏng');
});

it('flow: names a dimension without a title and the values of a boolean, and how many are left out', () => {
  const rows = [{ value: 'true', amount: '3', no_value_reason: null, share: null }];
  show(<FlowBars state={ready(flowOf({ by: { column: 'is_urgent', title: {}, type: 'boolean' }, rows, more: 4 }))} onOpen={nothing} />);
  expect(screen.getByTestId('flow')).toHaveAccessibleName(/theo is urgent$/);
  expect(screen.getByTestId('flow-row')).toHaveTextContent('Có3 hồ sơ');
  expect(screen.getByTestId('flow')).toHaveTextContent('Còn 4 giá trị khác không hiển thị.');
});

it('flow, empty: says so', () => {
  show(<FlowBars state={ready(flowOf({ rows: [] }))} onOpen={nothing} />);
  expect(screen.getByTestId('flow')).toHaveTextContent('Kỳ này chưa có bản ghi');
});

it('flow, late, silent and frozen: is marked and keeps its numbers', () => {
  const { unmount } = show(<FlowBars state={ready(flowOf({}, { late: true }))} onOpen={nothing} />);
  expect(screen.getByTestId('flow')).toHaveTextContent('trễ');
  unmount();
  show(<FlowBars state={ready(flowOf({ latest: true }, { silent: true }))} frozen onOpen={nothing} />);
  expect(screen.getByTestId('flow')).toHaveAttribute('data-silent');
  expect(screen.getByTestId('flow')).toHaveAttribute('data-frozen');
  expect(screen.getByTestId('flow')).toHaveTextContent('kỳ gần nhất có số liệu');
  expect(screen.getAllByTestId('flow-row')).toHaveLength(2);
});

it('flow: opens the passport of the whole by keyboard', async () => {
  const open = vi.fn();
  const flow = flowOf();
  show(<FlowBars state={ready(flow)} onOpen={open} />);
  await userEvent.tab();
  await userEvent.keyboard('{Enter}');
  expect(open).toHaveBeenCalledWith(flow.figure);
});

it('ranking, live: places, values, and what moved as a word', () => {
  show(<UnitPlaces state={ready(rankingOf(units))} hrefOf={hrefOf} onOpen={nothing} />);
  const rows = screen.getAllByTestId('placed');
  expect(rows.map((row) => row.dataset['unit'])).toEqual(['1', '2', '3']);
  expect(rows[0]).toHaveTextContent('tăng 2 bậc');
  expect(rows[0]).toHaveTextContent('+3,5');
  expect(rows[1]).toHaveTextContent('giảm 1 bậc');
  expect(rows[2]).toHaveTextContent('kỳ trước không xếp hạng');
  expect(within(rows[2]!).getByRole('img')).toHaveAccessibleName('Cần theo dõi');
  expect(screen.getByRole('link', { name: 'Sa Pa' })).toHaveAttribute('href', '/unit/1');
  expect(screen.getByTestId('ranking')).toHaveTextContent('kỳ trước: Tháng 10/2026');
});

it('ranking: units with too little or nothing behind them stand apart without a place', () => {
  show(<UnitPlaces state={ready(rankingOf(units))} hrefOf={hrefOf} onOpen={nothing} />);
  const apart = screen.getByTestId('not-ranked');
  expect(apart).toHaveTextContent('2 đơn vị không xếp hạng');
  expect(apart).toHaveTextContent('Y Tý: 100,0%, Quá ít để đánh giá');
  expect(apart).toHaveTextContent('A Mú Sung: Chưa có bản ghi');
});

it('ranking: shows all of many when asked by keyboard', async () => {
  show(<UnitPlaces state={ready(rankingOf(units))} most={2} hrefOf={hrefOf} onOpen={nothing} />);
  expect(screen.getAllByTestId('placed')).toHaveLength(2);
  screen.getByRole('button', { name: 'Hiện cả 3 đơn vị' }).focus();
  await userEvent.keyboard('{Enter}');
  expect(screen.getAllByTestId('placed')).toHaveLength(3);
  expect(screen.getByRole('button', { name: 'Chỉ hiện 2 đơn vị đầu' })).toHaveAttribute('aria-expanded', 'true');
});

it('ranking, empty: tells a leaf from units without enough behind them', () => {
  const { unmount } = show(<UnitPlaces state={ready(rankingOf([]))} hrefOf={hrefOf} onOpen={nothing} />);
  expect(screen.getByTestId('ranking')).toHaveTextContent('Đơn vị này không có đơn vị trực thuộc.');
  unmount();
  show(<UnitPlaces state={ready(rankingOf(units.slice(3)))} hrefOf={hrefOf} onOpen={nothing} />);
  expect(screen.getByTestId('ranking')).toHaveTextContent('Chưa đơn vị nào đủ số liệu để xếp hạng.');
});

it('ranking, silent and frozen: is marked and keeps its places', () => {
  show(<UnitPlaces state={ready(rankingOf(units, { silent: true }))} frozen hrefOf={hrefOf} onOpen={nothing} />);
  expect(screen.getByTestId('ranking')).toHaveAttribute('data-silent');
  expect(screen.getByTestId('ranking')).toHaveAttribute('data-frozen');
  expect(screen.getAllByTestId('placed')).toHaveLength(3);
});

it('text: keeps its lines and is no markup', () => {
  show(<PanelText state={ready({ position: 0, kind: 'text', text: { vi: 'Dành cho ai\n<b>việc tiếp theo</b>' } })} />);
  expect(screen.getByTestId('panel-text').textContent).toBe('Dành cho ai\n<b>việc tiếp theo</b>');
});

it('sources: the worst first, with since when and why', () => {
  const [source] = itemOf(somePanel(), 'received_cases').figure.passport.sources;
  const other = { ...source!, name: 'b', title: { vi: 'Nguồn hai' }, state: 'silent' as const, since: '2026-11-23T05:00:00Z' };
  const paused = { ...source!, name: 'c', title: { vi: 'Nguồn ba' }, state: 'paused' as const, paused: { since: '2026-11-23T05:00:00Z', reason: 'nâng cấp' } };
  const widget: SourcesWidget = { position: 5, kind: 'sources', sources: [{ ...source!, name: 'a' }, paused, other] };
  show(<SourceList state={ready(widget)} frozen />);
  const rows = screen.getAllByTestId('panel-source');
  expect(rows.map((row) => row.dataset['state'])).toEqual(['silent', 'paused', 'live']);
  expect(rows[0]).toHaveTextContent('mất tín hiệu');
  expect(rows[1]).toHaveTextContent('Tạm dừng: nâng cấp');
  expect(screen.getByTestId('panel-sources')).toHaveAttribute('data-frozen');
  expect(screen.getByTestId('panel-sources')).toHaveTextContent('trạng thái biết được lần cuối');
});

it('sources, empty: says so', () => {
  show(<SourceList state={ready({ position: 5, kind: 'sources', sources: [] })} />);
  expect(screen.getByTestId('panel-sources')).toHaveTextContent('Bảng này không dùng nguồn dữ liệu nào.');
});

it('loading, failed and not permitted: each widget says so', async () => {
  const draw = [
    (state: { kind: 'loading' } | { kind: 'failed'; problem: typeof someProblem; retry?: () => void }) => <FlowBars state={state} onOpen={nothing} />,
    (state: { kind: 'loading' } | { kind: 'failed'; problem: typeof someProblem; retry?: () => void }) => <UnitPlaces state={state} hrefOf={hrefOf} onOpen={nothing} />,
    (state: { kind: 'loading' } | { kind: 'failed'; problem: typeof someProblem; retry?: () => void }) => <PanelText state={state} />,
    (state: { kind: 'loading' } | { kind: 'failed'; problem: typeof someProblem; retry?: () => void }) => <SourceList state={state} />,
  ];
  for (const one of draw) {
    const retry = vi.fn();
    const shown = show(<>{one({ kind: 'loading' })}{one({ kind: 'failed', problem: someProblem, retry })}{one({ kind: 'failed', problem: { ...someProblem, code: 'not_granted' } })}</>);
    expect(screen.getByRole('status')).toHaveAccessibleName('Đang tải…');
    expect(screen.getByRole('alert')).toHaveTextContent('Không kết nối được với máy chủ');
    expect(screen.getByRole('note')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Thử lại' }));
    expect(retry).toHaveBeenCalledOnce();
    shown.unmount();
  }
});
