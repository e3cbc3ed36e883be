import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show, someProblem } from '../../testing/render';
import { World } from '../../testing/world.mjs';
import type { RawRows, RecordVersions } from '../api/types';
import type { PanelState } from './panel_state';
import { RawRowsView } from './raw_rows_view';
import { VersionHistory } from './version_history';

const world = new World();
const versions = world.versions(world.caseNumber(3)) as RecordVersions;
const draw = (state: PanelState<RecordVersions>) => show(<VersionHistory state={state} linksOf={(version) => <a href={`/v/${version.sequence}`}>x</a>} />);

it('loading and failed: say so', () => {
  draw({ kind: 'loading' });
  expect(screen.getByRole('status')).toBeInTheDocument();
  draw({ kind: 'failed', problem: someProblem });
  expect(screen.getByRole('alert')).toBeInTheDocument();
});

it('shows the newest version first and marks what changed', () => {
  draw({ kind: 'ready', data: versions });
  const entries = screen.getAllByTestId('version');
  expect(entries).toHaveLength(5);
  expect(entries[0]).toHaveAttribute('data-current');
  expect(within(entries[0]!).getByText('da_xu_ly', { selector: 'del' })).toBeInTheDocument();
  expect(within(entries[0]!).getByText('da_tra_ket_qua', { selector: 'ins' })).toBeInTheDocument();
  expect(within(entries[0]!).queryByText('Lĩnh vực')).toBeNull();
  expect(entries[4]).toHaveTextContent('Phiên bản đầu tiên');
});

it('says of a version that came after a newer one that it never was current', () => {
  const [first, second, ...later] = versions.items;
  draw({ kind: 'ready', data: { ...versions, items: [first!, { ...second!, outranked: true }, ...later] } });
  const entries = screen.getAllByTestId('version');
  expect(entries[3]).toHaveTextContent('chưa từng là bản hiện hành');
  expect(entries[4]).not.toHaveTextContent('chưa từng là bản hiện hành');
});

it('says that personal data are masked in place of showing a gap', () => {
  draw({ kind: 'ready', data: versions });
  expect(screen.getByText('Đã ẩn: dữ liệu cá nhân')).toBeInTheDocument();
});

it('empty: says that there is no record', () => {
  draw({ kind: 'ready', data: { ...versions, items: [] } });
  expect(screen.getByText('Không có bản ghi nào.')).toBeInTheDocument();
});

it('tells rows of a workbook by sheet and row', () => {
  const raw = world.raw(versions.items[2]!.sequence) as RawRows;
  const rows = raw.rows.map((row, index) => ({ ...row, line: 4001 + index, offset: 7 }));
  show(<RawRowsView state={{ kind: 'ready', data: { rows, truncated: false, sheet: '<b>M09</b>' } }} />);
  expect(screen.getByText('Dòng trong trang tính “<b>M09</b>”')).toBeInTheDocument();
  expect(screen.getAllByTestId('raw-row')[0]).toHaveTextContent('4.001');
});

it('tells features of geodata by layer and place', () => {
  const raw = world.raw(versions.items[2]!.sequence) as RawRows;
  const rows = raw.rows.map((row, index) => ({ ...row, line: 31 + index, offset: 7 }));
  show(<RawRowsView state={{ kind: 'ready', data: { rows, truncated: false, layer: 'xa' } }} />);
  expect(screen.getByText('Đối tượng trong lớp “xa”')).toBeInTheDocument();
  expect(screen.getAllByTestId('raw-row')[0]).toHaveTextContent('31');
});

it('marks the archived rows of the version, and hostile text stays text', () => {
  const raw = world.raw(versions.items[2]!.sequence) as RawRows;
  const [first, ...others] = raw.rows;
  show(<RawRowsView state={{ kind: 'ready', data: { rows: [{ ...first!, text: '<img src=x onerror=alert(1)>' }, ...others], truncated: true } }} />);
  const marked = screen.getAllByTestId('raw-row').filter((row) => row.hasAttribute('data-marked'));
  expect(marked).toHaveLength(1);
  expect(marked[0]).toHaveTextContent(world.caseNumber(3));
  expect(screen.queryByRole('img')).toBeNull();
  expect(screen.getByText(/đã được cắt bớt/)).toBeInTheDocument();
});

it('raw rows: loading, not permitted and empty say so', () => {
  show(<RawRowsView state={{ kind: 'loading' }} />);
  expect(screen.getByRole('status')).toBeInTheDocument();
  show(<RawRowsView state={{ kind: 'failed', problem: { ...someProblem, code: 'not_granted' } }} />);
  expect(screen.getByRole('note')).toHaveTextContent('không có quyền');
  show(<RawRowsView state={{ kind: 'ready', data: { rows: [], truncated: false } }} />);
  expect(screen.getByText('Không có bản ghi nào.')).toBeInTheDocument();
});
