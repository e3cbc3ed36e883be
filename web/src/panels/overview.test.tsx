import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { itemOf, show, someProblem, somePanel } from '../../testing/render';
import { World } from '../../testing/world.mjs';
import type { Column } from '../api/types';
import { ChangeList } from './change_list';
import { countJudgements, JudgementSummary, overallOf } from './judgement_summary';
import { initialsOf, rankUnits, stepsOf, unitsBy } from './ranking';
import { placeTiles, type PlacedUnit } from './tile_grid';
import { TileMap } from './tile_map';
import { UnitRanking } from './unit_ranking';
import { workColumns, WorkList } from './work_list';

const clock = '2026-11-23T07:05:09Z';
const nothing = () => undefined;
const places = new World().unitList('territory', '15').items as PlacedUnit[];
const unitsOf = (panel: ReturnType<typeof somePanel>, index = 0) => unitsBy(panel.children, index, (child) => child.unit.name['vi'] ?? '');
const some = unitsOf(somePanel()).slice(0, 12);
const grid = placeTiles(places.slice(0, 12));
const hrefOf = (code: string) => `/u/${code}`;
const records = () => {
  const { columns, items } = new World().records(null, 50, null, 'overdue');
  return { columns, items } as Parameters<typeof workColumns>[0];
};

describe('JudgementSummary', () => {
  const figures = somePanel().items.slice(0, 10).map((item) => item.figure);
  const draw = (shown: typeof figures | null, frozen = false, onOpen = nothing as () => void) => show(<JudgementSummary figures={shown} frozen={frozen} onOpen={onOpen} />);
  const judgedAs = (judgement: 'good' | 'watch' | 'not_judged') => figures.map((figure) => ({ ...figure, judgement }));

  it('loading: says so', () => {
    draw(null);
    expect(screen.getByLabelText('Đang tải…')).toHaveAttribute('aria-busy', 'true');
  });
  it('live: says how many figures are bad, which, and what the sources do', async () => {
    const open = vi.fn();
    draw(figures, false, open);
    expect(screen.getByTestId('summary')).toHaveTextContent('1 chỉ tiêu không đạtHồ sơ quá hạn2 Cần theo dõi');
    expect(screen.getByTestId('summary')).toHaveTextContent('1 nguồn đang hoạt động');
    await userEvent.click(screen.getByRole('button', { name: 'Hồ sơ quá hạn' }));
    expect(open).toHaveBeenCalledWith(expect.objectContaining({ indicator: 'overdue_cases' }));
  });
  it('all good, only to watch, nothing judged: says each in words', () => {
    draw(judgedAs('good'));
    expect(screen.getByText('Các chỉ tiêu đã đánh giá đều đạt')).toBeInTheDocument();
    draw(judgedAs('watch'));
    expect(screen.getByText('10 chỉ tiêu cần theo dõi')).toBeInTheDocument();
    draw(judgedAs('not_judged'));
    expect(screen.getByText('Chưa có chỉ tiêu nào được đánh giá')).toBeInTheDocument();
  });
  it('silent and frozen: names the source and keeps the judgement', () => {
    draw(somePanel({ silent: true }).items.map((item) => item.figure), true);
    expect(screen.getByTestId('summary')).toHaveTextContent('mất tín hiệu');
    expect(screen.getByTestId('summary')).toHaveAttribute('data-overall', 'bad');
    expect(screen.getByTestId('summary')).toHaveAttribute('data-frozen');
    draw(figures, true);
    expect(screen.getAllByTestId('summary')[1]).not.toHaveTextContent('đang hoạt động');
  });
  it('one bad figure outweighs any number of good ones', () => {
    expect(overallOf(countJudgements([...judgedAs('good'), { judgement: 'bad' }]))).toBe('bad');
    expect(overallOf(countJudgements([]))).toBe('not_judged');
  });
});

describe('ChangeList', () => {
  it('loading and empty: say so', () => {
    show(<ChangeList items={null} clock={null} onOpen={nothing} />);
    expect(screen.getByRole('status')).toHaveAccessibleName('Đang tải…');
    show(<ChangeList items={[{ ...itemOf(somePanel(), 'on_time_rate'), trend: [] }]} clock={clock} onOpen={nothing} />);
    expect(screen.getByText('Chưa ghi nhận thay đổi.')).toBeInTheDocument();
  });
  const asItIs = { no_value_reason: null, restated: false, territory_changed: false };
  it('live: says by how much, against which period, and whether it is for the better', () => {
    const item = { ...itemOf(somePanel(), 'on_time_rate'), trend: [{ period: '2026-10', value: '97', judgement: 'good' as const, ...asItIs }, { period: '2026-11', value: '95.5', judgement: 'good' as const, ...asItIs }] };
    show(<ChangeList items={[item]} clock={clock} onOpen={nothing} />);
    expect(screen.getByTestId('change')).toHaveTextContent('▼ −1,5 điểm %kém điso với tháng 10');
  });
  it('frozen: is marked', () => {
    show(<ChangeList items={[itemOf(somePanel(), 'on_time_rate')]} clock={clock} frozen onOpen={nothing} />);
    expect(screen.getByRole('region', { name: 'Thay đổi đáng chú ý' })).toHaveAttribute('data-frozen');
  });
});

describe('TileMap', () => {
  const draw = (state: Parameters<typeof TileMap>[0]['state']) => show(<TileMap state={state} label="Tỷ lệ" hrefOf={hrefOf} />);
  const tile = (code: string) => screen.getAllByTestId('tile').find((one) => one.dataset['unit'] === code)!;

  it('loading, failed, not permitted and empty: say so', () => {
    draw({ kind: 'loading' });
    expect(screen.getByRole('status')).toHaveAccessibleName('Đang tải…');
    draw({ kind: 'failed', problem: someProblem });
    expect(screen.getByRole('alert')).toHaveTextContent('r-17');
    draw({ kind: 'failed', problem: { ...someProblem, code: 'not_granted' } });
    expect(screen.getByRole('note')).toHaveTextContent('Không được phép xem');
    draw({ kind: 'ready', data: { units: [], grid } });
    expect(screen.getByText('Đơn vị này không có đơn vị trực thuộc.')).toBeInTheDocument();
  });
  it('live: each tile says name, value, judgement and marks in words, has its form, and leads to its unit', () => {
    draw({ kind: 'ready', data: { units: some, grid } });
    expect(screen.getAllByTestId('tile')).toHaveLength(12);
    expect(tile('02671')).toHaveAccessibleName(/^Cam Đường: \d+,\d% · (Đạt|Cần theo dõi|Không đạt) · mô phỏng$/);
    expect(tile('02671')).toHaveAttribute('href', '/u/02671');
    expect(tile('02671').querySelector('svg')).not.toBeNull();
  });
  it('bears the number under which the unit stands in the list beside it', () => {
    draw({ kind: 'ready', data: { units: some, grid, numbers: new Map([['02671', 1]]) } });
    expect(screen.getAllByTestId('tile').flatMap((one) => one.dataset['number'] ?? [])).toEqual(['1']);
    expect(tile('02671')).toHaveAttribute('data-number', '1');
  });
  it('says that tiles are no borders', () => {
    draw({ kind: 'ready', data: { units: some, grid } });
    expect(screen.getByText(/không thể hiện diện tích và địa giới/)).toBeInTheDocument();
  });
  it('silent: hatches the tile and keeps the judgement', () => {
    draw({ kind: 'ready', data: { units: unitsOf(somePanel({ silent: true })).slice(0, 12), grid } });
    expect(screen.getAllByTestId('tile').every((one) => one.hasAttribute('data-silent'))).toBe(true);
    expect(tile('02671')).toHaveAttribute('data-judgement', some.find((unit) => unit.code === '02671')!.figure.judgement);
  });
  it('not judged: shades the amount and says so in the legend', () => {
    draw({ kind: 'ready', data: { units: unitsOf(somePanel(), 2).slice(0, 12), grid } });
    expect(new Set(screen.getAllByTestId('tile').map((one) => one.dataset['step']))).toEqual(new Set(['1', '2', '3', '4', '5']));
    expect(screen.getByText(/^Ít/)).toHaveTextContent('ÍtNhiều');
  });
  it('is one stop for Tab, goes on by arrows, and shows the tip of the tile in focus', async () => {
    draw({ kind: 'ready', data: { units: some, grid } });
    await userEvent.tab();
    const first = document.activeElement as HTMLElement;
    expect(first).toHaveAttribute('data-testid', 'tile');
    await userEvent.keyboard('{ArrowRight}');
    const second = document.activeElement as HTMLElement;
    expect(second).not.toBe(first);
    expect(grid.cells.get(second.dataset['unit']!)!.column).toBeGreaterThan(grid.cells.get(first.dataset['unit']!)!.column);
    expect(screen.getAllByText(some.find((unit) => unit.code === second.dataset['unit'])!.name, { selector: 'strong' })).toHaveLength(1);
    await userEvent.tab();
    expect(document.activeElement).toBe(document.body);
  });
});

describe('UnitRanking', () => {
  it('loading, failed and empty: say so', () => {
    show(<UnitRanking state={{ kind: 'loading' }} title="Xếp" hrefOf={hrefOf} />);
    expect(screen.getByRole('status')).toBeInTheDocument();
    show(<UnitRanking state={{ kind: 'failed', problem: someProblem }} title="Xếp" hrefOf={hrefOf} />);
    expect(screen.getByRole('alert')).toBeInTheDocument();
    show(<UnitRanking state={{ kind: 'ready', data: [] }} title="Xếp" hrefOf={hrefOf} />);
    expect(screen.getByText(/không có đơn vị trực thuộc/)).toBeInTheDocument();
  });
  it('live: worst first, with value and judgement, leading to the unit', () => {
    show(<UnitRanking state={{ kind: 'ready', data: some }} title="Xếp" most={3} hrefOf={hrefOf} />);
    expect(screen.getAllByTestId('ranked').map((row) => row.dataset['unit'])).toEqual(rankUnits(some).slice(0, 3).map((unit) => unit.code));
    expect(within(screen.getAllByTestId('ranked')[0]!).getByRole('img')).toHaveAccessibleName('Không đạt');
  });
  it('bears no sign of a judgement where nothing is judged', () => {
    show(<UnitRanking state={{ kind: 'ready', data: unitsOf(somePanel(), 2).slice(0, 4) }} title="Xếp" hrefOf={hrefOf} />);
    expect(screen.getAllByTestId('ranked')).toHaveLength(4);
    expect(screen.queryByRole('img')).toBeNull();
  });
  it('says how many bad ones it has no room for', () => {
    const bad = some.slice(0, 4).map((unit) => ({ ...unit, figure: { ...unit.figure, judgement: 'bad' as const } }));
    show(<UnitRanking state={{ kind: 'ready', data: bad }} title="Xếp" most={3} hrefOf={hrefOf} />);
    expect(screen.getByText('và 1 đơn vị không đạt khác')).toBeInTheDocument();
  });
  it('chooses a unit in place of leading to it', async () => {
    const choose = vi.fn();
    show(<UnitRanking state={{ kind: 'ready', data: some }} title="Xếp" most={1} hrefOf={null} onChoose={choose} />);
    await userEvent.click(screen.getByRole('button'));
    expect(choose).toHaveBeenCalledWith(rankUnits(some)[0]!.code);
  });
});

describe('ranking', () => {
  it('puts bad before watch before good, against the better direction, and units without a value last', () => {
    for (const index of [0, 1, 2]) {
      const ranked = rankUnits(unitsOf(somePanel(), index));
      const order = ranked.map(({ figure }) => (figure.value === null ? 4 : ['bad', 'watch', 'good', 'not_judged'].indexOf(figure.judgement)));
      expect(order).toEqual([...order].sort((a, b) => a - b));
      const bad = ranked.filter(({ figure }) => figure.judgement === 'bad').map(({ figure }) => Number(figure.value) * (index === 0 ? 1 : -1));
      expect(bad).toEqual([...bad].sort((a, b) => a - b));
    }
  });
  it('gives each shade about a fifth of the units and none to a unit without a value', () => {
    const units = unitsOf(somePanel(), 2);
    const steps = [...stepsOf(units.map((unit, index) => (index === 0 ? { ...unit, figure: { ...unit.figure, value: null } } : unit))).values()];
    expect(steps[0]).toBe(0);
    expect(Math.min(...[1, 5].map((step) => steps.filter((one) => one === step).length))).toBeGreaterThan(10);
  });
  it('abbreviates by first letters with their diacritics', () => {
    expect(['Phong Dụ Thượng', 'Âu Lâu', 'Đông Cuông', 'Sa Pa'].map(initialsOf)).toEqual(['PDT', 'ÂL', 'ĐC', 'SP']);
  });
});

describe('WorkList', () => {
  it('loading, failed and empty: say so', () => {
    show(<WorkList state={{ kind: 'loading' }} caption="Việc" linkTo={(_, text) => text} />);
    expect(screen.getByRole('status')).toBeInTheDocument();
    show(<WorkList state={{ kind: 'failed', problem: someProblem }} caption="Việc" linkTo={(_, text) => text} />);
    expect(screen.getByRole('alert')).toBeInTheDocument();
    show(<WorkList state={{ kind: 'ready', data: { ...records(), items: [] } }} caption="Việc" linkTo={(_, text) => text} />);
    expect(screen.getByText('Không có bản ghi nào.')).toBeInTheDocument();
  });
  it('live: shows the first records with key and due date, never masked columns', () => {
    show(<WorkList state={{ kind: 'ready', data: records() }} caption="Việc" most={4} linkTo={(_, text) => <a href="/x">{text}</a>} />);
    expect(screen.getAllByTestId('work')).toHaveLength(4);
    const names = workColumns(records()).map((column) => column.name);
    expect(names.slice(0, 3)).toEqual(['case_number', 'received_at', 'due_at']);
    expect(names).not.toContain('applicant');
    expect(names.length).toBeLessThanOrEqual(5);
  });
  it('live: what a clock says of the due moment goes before what a source says', () => {
    const { columns, items } = records();
    const due: Column = { ...columns[0]!, name: 'processing.due', type: 'timestamp', key: false, reckoned: true };
    const reckoned = items.map((record) => ({ ...record, values: { ...record.values, 'processing.due': '2026-11-24T10:00:00Z' } }));
    expect(workColumns({ columns: [...columns, due], items: reckoned }).map((column) => column.name).slice(0, 3)).toEqual(['case_number', 'received_at', 'processing.due']);
  });
  it('frozen: is marked', () => {
    show(<WorkList state={{ kind: 'ready', data: records() }} caption="Việc" frozen linkTo={(_, text) => text} />);
    expect(screen.getByRole('region', { name: 'Việc' })).toHaveAttribute('data-frozen');
  });
});
