import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '../../testing/render';
import { Balances } from './balances';
import { FrozenBanner, LiveIndicator } from './live_indicator';

const counts = { raw_rows: 1204, mapped: 1200, skipped: 2, refused: 2, candidates: 1200, accepted: 1190, repeated: 6, in_conflict: 0, quarantined: 4 };

it('shows both balances and that they hold', () => {
  show(<Balances counts={counts} />);
  expect(screen.getAllByTestId('balance').map((balance) => balance.dataset['balanced'])).toEqual(['true', 'true']);
  expect(screen.getByText('1.204')).toBeInTheDocument();
});

it('says by how much a balance is off', () => {
  show(<Balances counts={{ ...counts, accepted: 1186 }} />);
  expect(screen.getByText('Không khớp: lệch 4')).toBeInTheDocument();
});

it('the indicator tells the phase as a word, the banner for how long nothing came and of when the figures are', () => {
  show(<LiveIndicator phase="live" />);
  expect(screen.getByTestId('live-indicator')).toHaveTextContent('Trực tiếpvừa cập nhật');
  show(<LiveIndicator phase="frozen" />);
  expect(screen.getAllByTestId('live-indicator')[1]).toHaveTextContent(/^Ngừng cập nhật$/);
  show(<FrozenBanner age={65} clock="2026-11-23T07:05:09Z" />);
  expect(screen.getByTestId('frozen-banner')).toHaveTextContent('Đã 1 phút không nhận được gì từ máy chủ.Số liệu đang hiển thị là của 23/11/2026 14:05:09.');
  expect(screen.getByRole('alert')).toHaveTextContent(/^Màn hình ngừng cập nhật.$/);
  show(<LiveIndicator phase="past" />);
  expect(screen.getAllByTestId('live-indicator')[2]).toHaveTextContent('Xem lại');
});
