import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { startMockServer } from '../../testing/mock_server.mjs';
import { show } from '../../testing/render';
import { Screens } from './app';
import { encodeFigureKey, parseFigureKey } from '../features/screen_paths';
import { safeNext } from '../features/sign_in_page';

let server: Awaited<ReturnType<typeof startMockServer>>;
let cookie = '';
const fetchOfNode = globalThis.fetch;

beforeAll(async () => { server = await startMockServer(); });
afterAll(() => server.stop());
beforeEach(() => {
  cookie = 'fansipan=mock';
  // jsdom has no cookies for node's fetch: the cookie is carried by hand.
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    const response = await fetchOfNode(server.address + path, { ...init, headers: { ...(init.headers as Record<string, string>), Cookie: cookie } });
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return response;
  });
  vi.stubGlobal('scrollTo', () => undefined);
});

it('brings who is not signed in to the sign-in screen, tells a wrong password, and goes on after the right one', async () => {
  cookie = '';
  show(<Screens />, '/deliveries');
  await userEvent.type(await screen.findByLabelText(/Tên đăng nhập/), 'hoa');
  await userEvent.type(screen.getByLabelText(/Mật khẩu/), 'sai');
  await userEvent.click(screen.getByRole('button', { name: 'Đăng nhập' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('Tên đăng nhập hoặc mật khẩu không đúng.');
  await userEvent.type(screen.getByLabelText(/Mật khẩu/), 'mot-mat-khau-dai');
  await userEvent.click(screen.getByRole('button', { name: 'Đăng nhập' }));
  expect(await screen.findAllByTestId('delivery')).toHaveLength(50);
});

it('goes on only to its own screens after signing in', () => {
  expect(['/panels/x?unit=1', '//evil.example', 'https://evil.example', '/\\evil.example', null].map(safeNext)).toEqual(['/panels/x?unit=1', '/', '/', '/', '/']);
});

it('sets up the first administrator and takes the token out of the address', async () => {
  cookie = '';
  window.location.hash = '#one-time';
  show(<Screens />, '/set-up');
  await userEvent.type(await screen.findByLabelText(/Họ và tên/), 'Nguyễn Thị Hòa');
  expect(window.location.hash).toBe('');
  await userEvent.type(screen.getByLabelText(/Tên đăng nhập/), 'hoa');
  await userEvent.type(screen.getByLabelText(/^Mật khẩu/), 'ngan');
  await userEvent.type(screen.getByLabelText(/Nhập lại/), 'ngan');
  await userEvent.click(screen.getByRole('button', { name: /Tạo tài khoản/ }));
  expect(screen.getByText('Mật khẩu cần ít nhất 14 ký tự.')).toBeInTheDocument();
  await userEvent.type(screen.getByLabelText(/^Mật khẩu/), '-nhung-dai-hon');
  await userEvent.type(screen.getByLabelText(/Nhập lại/), '-nhung-dai-hon');
  await userEvent.click(screen.getByRole('button', { name: /Tạo tài khoản/ }));
  expect(await screen.findByRole('heading', { level: 1, name: /Dịch vụ công/ })).toBeInTheDocument();
});

it('shows the panel live, opens a passport, and leads to the records of a part', async () => {
  show(<Screens />, '/panels/public_services');
  expect(await screen.findAllByTestId('figure-card')).toHaveLength(10);
  expect(screen.getByTestId('live-indicator')).toHaveAttribute('data-phase', 'live');
  await userEvent.click(within(screen.getByTestId('cards')).getByRole('button', { name: 'Hồ sơ tiếp nhận' }));
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('link', { name: /Xem .* bản ghi/ }));
  expect(await screen.findAllByTestId('record')).toHaveLength(50);
  await userEvent.click(screen.getByRole('button', { name: 'Xem thêm' }));
  await waitFor(() => { expect(screen.getAllByTestId('record')).toHaveLength(100); });
  await userEvent.click(within(screen.getAllByTestId('record')[0]!).getByRole('link'));
  expect(await screen.findAllByTestId('version')).toHaveLength(5);
  expect(await screen.findByTestId('simulated')).toHaveTextContent('mô phỏng');
});

it('shows where it is bad and what waits to be done, by territory and by office', async () => {
  show(<Screens />, '/panels/public_services');
  expect(await screen.findAllByTestId('tile')).toHaveLength(99);
  expect(await screen.findAllByTestId('work')).toHaveLength(8);
  await userEvent.click(screen.getByText('Cơ quan', { selector: 'button' }));
  await waitFor(() => { expect(screen.getAllByTestId('ranked').some((row) => row.textContent.includes('UBND'))).toBe(true); });
  const office = screen.getAllByTestId('ranked').find((row) => row.textContent.includes('UBND'))!;
  await userEvent.click(within(office).getByText(/UBND/));
  expect(await screen.findByText(/^Hồ sơ quá hạn: .*UBND/, { selector: 'h3' })).toBeInTheDocument();
});

it('tells why a figure changed, and leads to the records that moved it', async () => {
  show(<Screens />, '/panels/public_services');
  expect(await screen.findAllByTestId('figure-card')).toHaveLength(10);
  await userEvent.click(within(screen.getByTestId('cards')).getByRole('button', { name: 'Hồ sơ tiếp nhận' }));
  const steps = await within(await screen.findByRole('dialog')).findAllByTestId('why-step', {}, { timeout: 10_000 });
  expect(steps).toHaveLength(3);
  await userEvent.click(within(steps[1]!).getByRole('link', { name: 'Xem bản ghi' }));
  expect(await screen.findByTestId('of-change')).toHaveTextContent('đến muộn');
  expect(await screen.findAllByTestId('record')).toHaveLength(3);
});

it('lists the alarms since yesterday, and each opens its why', async () => {
  show(<Screens />, '/alarms');
  const alarms = await screen.findAllByTestId('alarm');
  expect(alarms.map((alarm) => alarm.dataset['kind'])).toEqual(['judgement', 'correction', 'rank']);
  expect(alarms[2]).toHaveTextContent('Thứ hạng 3 → 41 trên 99 đơn vị');
  await userEvent.click(within(alarms[0]!).getByRole('link', { name: 'Vì sao?' }));
  expect(await screen.findByTestId('why-changed', {}, { timeout: 20_000 })).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Từ lúc cảnh báo' })).toHaveAttribute('aria-pressed', 'true');
});

it('says that the screen shows the past and goes back to now', async () => {
  show(<Screens />, '/panels/public_services?as_of=2026-11-20T01:00:00Z');
  expect(await screen.findByTestId('as-of-banner')).toHaveTextContent('20/11/2026 08:00:00');
  expect(screen.getByTestId('live-indicator')).toHaveAttribute('data-phase', 'past');
  await userEvent.click(screen.getByRole('button', { name: 'Trở về hiện tại' }));
  await waitFor(() => { expect(screen.getByTestId('live-indicator')).toHaveAttribute('data-phase', 'live'); });
});

it('shows a panel by the periods of another regime and says which, with the keyboard alone', async () => {
  show(<Screens />, '/panels/public_services');
  expect(await screen.findAllByTestId('figure-card')).toHaveLength(10);
  expect(screen.queryByTestId('regime')).toBeNull();
  const choice = screen.getByRole('combobox', { name: 'Kỳ' });
  const group = await within(choice).findByRole('group', { name: 'Kỳ báo cáo của cơ quan hành chính' });
  expect(within(group).getAllByRole('option').map((option) => option.textContent)).toEqual(['tháng', 'năm']);
  await userEvent.selectOptions(choice, within(group).getByRole('option', { name: 'tháng' }));
  expect(await screen.findByTestId('regime')).toHaveTextContent('Chế độ kỳ: Kỳ báo cáo của cơ quan hành chính');
  expect(screen.getAllByTestId('figure-card')[0]).toHaveTextContent(/Tháng \d+\/\d+ \(15–14\)/);
  expect(choice).toHaveValue('reporting/month');
  const shown = screen.getAllByTestId('figure-card')[0]!.textContent;
  const back = screen.getByRole('button', { name: 'Kỳ trước' });
  back.focus();
  await userEvent.keyboard('{Enter}');
  await waitFor(() => { expect(screen.getAllByTestId('figure-card')[0]!.textContent).not.toBe(shown); });
  expect(choice).toHaveValue('reporting/month');
});

it('tells in the passport when the report of a period falls due', async () => {
  show(<Screens />, '/panels/public_services?period=reporting:2026-11');
  await userEvent.click(await within(await screen.findByTestId('cards')).findByRole('button', { name: 'Hồ sơ tiếp nhận' }));
  const passport = within(await screen.findByRole('dialog'));
  expect(await passport.findByTestId('due')).toHaveTextContent('Hạn gửi báo cáo: 17/11/2026 17:00');
  expect(passport.getByText('Chế độ kỳ: Kỳ báo cáo của cơ quan hành chính')).toBeInTheDocument();
});

it('names what exists nearby when a panel or unit does not', async () => {
  show(<Screens />, '/panels/nothing');
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('Không có bảng điều hành này.');
  expect(alert).toHaveTextContent('public_services');
});

it('a figure key survives the address', () => {
  const key = { indicator: 'on_time_rate', tree: 'organisation' as const, unit: '000.00.15~H38', period: '2026-Q4' };
  expect(parseFigureKey(encodeFigureKey(key))).toEqual(key);
  expect(parseFigureKey('on_time_rate~nowhere~2026~15')).toBeNull();
  expect(parseFigureKey(null)).toBeNull();
});
