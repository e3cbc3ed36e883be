import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startMockServer } from '../../testing/mock_server.mjs';
import { show } from '../../testing/render';
import { Screens } from './app';
import { linesOf } from '../panels/raw_bytes';

let server: Awaited<ReturnType<typeof startMockServer>>;
const fetchOfNode = globalThis.fetch;

beforeEach(async () => {
  server = await startMockServer();
  vi.stubGlobal('fetch', (path: string, init: RequestInit = {}) =>
    fetchOfNode(server.address + path, { ...init, headers: { ...(init.headers as Record<string, string>), Cookie: 'fansipan=mock' } }));
  vi.stubGlobal('scrollTo', () => undefined);
});
afterEach(async () => { await server.stop(); });

it('counts what is wrong first, and leads to the rows with the keyboard alone', async () => {
  show(<Screens />, '/quarantine');
  const groups = await screen.findAllByTestId('quarantine-group');
  expect(groups).toHaveLength(5);
  within(groups[4]!).getByRole('button', { name: 'ngoài danh sách cho phép' }).focus();
  await userEvent.keyboard('{Enter}');
  expect(await screen.findByTestId('narrowed')).toHaveTextContent('ngoài danh sách cho phép · status · case');
  await waitFor(() => { expect(screen.getAllByTestId('quarantined-row')).toHaveLength(1); });
  expect(screen.queryByTestId('quarantine-group')).toBeNull();
});

it('shows a row with its bytes, and takes no decision without a reason', async () => {
  show(<Screens />, '/quarantine?reason=not_allowed&opened=495');
  const drawer = await screen.findByRole('dialog');
  expect(await within(drawer).findByTestId('raw-bytes')).toBeInTheDocument();
  expect(within(drawer).getAllByTestId('raw-row').filter((row) => row.dataset['marked'])).toHaveLength(1);
  await userEvent.click(within(drawer).getByRole('button', { name: 'Chấp nhận 1 dòng' }));
  expect(within(drawer).getByText('Cần ghi lý do quyết định.')).toBeInTheDocument();
  expect(server.world.decisions.size).toBe(0);
});

it('accepts a row with a reason, and takes the decision back', async () => {
  show(<Screens />, '/quarantine?reason=not_allowed&open=false&opened=495');
  const drawer = await screen.findByRole('dialog');
  await userEvent.type(within(drawer).getByLabelText(/Lý do quyết định/), 'Có trong quyết định mới');
  await userEvent.click(within(drawer).getByRole('button', { name: 'Chấp nhận 1 dòng' }));
  await waitFor(() => { expect(server.world.decisions.get(495)).toMatchObject({ verdict: 'accepted', reason: 'Có trong quyết định mới' }); });
  expect(await within(drawer).findByRole('button', { name: 'Thu hồi quyết định về 1 dòng' })).toBeInTheDocument();
  expect(within(drawer).getByText(/^hoa, .*: Có trong quyết định mới/)).toBeInTheDocument();
});

it('tells what was done when the row has left the list', async () => {
  show(<Screens />, '/quarantine?reason=not_allowed&opened=495');
  const drawer = await screen.findByRole('dialog');
  const result = within(drawer).getByTestId('decision-result');
  expect(result).toHaveAttribute('role', 'status');
  expect(result).toBeEmptyDOMElement();
  await userEvent.type(within(drawer).getByLabelText(/Lý do quyết định/), 'Bản ghi thử');
  await userEvent.click(within(drawer).getByRole('button', { name: 'Loại bỏ 1 dòng' }));
  await waitFor(() => { expect(result).toHaveTextContent('Đã ghi nhận cho 1 dòng'); });
  await waitFor(() => { expect(screen.queryAllByTestId('quarantined-row')).toHaveLength(0); });
  expect(result).toBeInTheDocument();
  await waitFor(() => { expect(result).toHaveFocus(); });
  expect(within(drawer).queryByRole('button', { name: 'Loại bỏ 1 dòng' })).toBeNull();
});

it('tells what was done about a whole list that is empty then', async () => {
  show(<Screens />, '/quarantine?reason=not_allowed');
  const form = await screen.findByTestId('decision');
  await userEvent.type(within(form).getByLabelText(/Lý do quyết định/), 'Bản ghi thử');
  await userEvent.click(within(form).getByRole('button', { name: 'Loại bỏ 1 dòng' }));
  await waitFor(() => { expect(screen.queryAllByTestId('quarantined-row')).toHaveLength(0); });
  await waitFor(() => { expect(screen.getByTestId('decision-result')).toHaveTextContent('Đã ghi nhận cho 1 dòng'); });
});

it('offers to accept only what the model can hold', async () => {
  show(<Screens />, '/quarantine?reason=impossible_date&opened=500');
  const drawer = await screen.findByRole('dialog');
  expect(within(drawer).queryByRole('button', { name: /Chấp nhận/ })).toBeNull();
  expect(within(drawer).getByText(/Không thể chấp nhận dòng này/)).toBeInTheDocument();
  expect(within(drawer).getByRole('button', { name: 'Loại bỏ 1 dòng' })).toBeInTheDocument();
});

it('tries another text of the mapping and shows the difference', async () => {
  show(<Screens />, '/mapping?source=case_system&dataset=case');
  const text = await screen.findByLabelText('SQL');
  expect(text).toHaveValue('SELECT so_ho_so AS case_number, trang_thai AS status, _row\nFROM raw\n');
  await userEvent.type(text, '-- thử');
  await userEvent.click(screen.getByRole('button', { name: 'Thử trên các dòng bị cách ly' }));
  const rows = await screen.findAllByTestId('trial-row');
  expect(rows.map((row) => row.dataset['change'])).toEqual(['mended', 'still_bad', 'altered']);
  expect(rows[2]).toHaveTextContent('status=da_xu_ly');
  expect(rows[2]).not.toHaveTextContent('case_number');
  expect(screen.getByTestId('trial-unread')).toHaveTextContent('1 lần chuyển không đọc được với nội dung này');
  expect(screen.getByTestId('trial-unread')).toHaveTextContent('the worker needed more than 2 GB');
  await userEvent.clear(text);
  await userEvent.click(screen.getByRole('button', { name: 'Thử trên các dòng bị cách ly' }));
  await waitFor(() => { expect(screen.getByRole('alert')).toHaveTextContent('the mapping is empty'); });
});

it('reads a source again, shows how far it is, and stops it', async () => {
  show(<Screens />, '/quarantine?source=case_system');
  await userEvent.click(await screen.findByRole('button', { name: 'Đọc lại nguồn này' }));
  expect(await screen.findByTestId('replay')).toHaveTextContent('Đang đọc lại: 12 trên 40 lần chuyển');
  await userEvent.click(screen.getByRole('button', { name: 'Dừng' }));
  await waitFor(() => { expect(screen.getByTestId('replay')).toHaveTextContent('Đã dừng'); });
});

it('sets a secret whose value leaves the field at once, and removes one', async () => {
  show(<Screens />, '/secrets');
  const secrets = await screen.findAllByTestId('secret');
  expect(secrets.map((row) => row.dataset['set'])).toEqual([undefined, 'true']);
  const field = within(secrets[0]!).getByLabelText('Giá trị mới của survey_token');
  await userEvent.type(field, 'rat-bi-mat');
  await userEvent.click(within(secrets[0]!).getByRole('button', { name: 'Đặt' }));
  expect(field).toHaveValue('');
  await waitFor(() => { expect(screen.getAllByTestId('secret')[0]).toHaveAttribute('data-set'); });
  expect(server.state).toMatchObject({ secretValue: 'rat-bi-mat' });
  expect(document.body.innerHTML).not.toContain('rat-bi-mat');
  await userEvent.click(within(screen.getAllByTestId('secret')[1]!).getByRole('button', { name: 'Xóa' }));
  await waitFor(() => { expect(screen.getAllByTestId('secret')[1]).not.toHaveAttribute('data-set'); });
});

it('writes bytes in lines with their offsets', () => {
  expect(linesOf('48313b00ff'.repeat(4), 100)).toEqual([
    { offset: 100, digits: '48 31 3b 00 ff 48 31 3b 00 ff 48 31 3b 00 ff 48'.split(' '), text: 'H1;..H1;..H1;..H' },
    { offset: 116, digits: '31 3b 00 ff'.split(' '), text: '1;..' },
  ]);
});
