import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '../../testing/render';
import type { Column } from '../api/types';
import { ColumnValue } from './column_value';

const column: Column = { name: 'processing.contradiction', title: { vi: 'Chênh lệch hạn' }, type: 'integer', scale: 0, key: false, dimension: false, personal: false, masked: false, reckoned: true };

it('marks a due moment that contradicts the other', () => {
  show(<ColumnValue column={column} value={-900} />);
  expect(screen.getByText(/900/)).toBeInTheDocument();
  expect(screen.getByText('mâu thuẫn')).toBeInTheDocument();
});

it('marks nothing where there is none, nor a column that a source tells', () => {
  show(<ColumnValue column={column} value={null} />);
  show(<ColumnValue column={{ ...column, reckoned: false }} value={7} />);
  expect(screen.queryByText('mâu thuẫn')).toBeNull();
});

it('says that personal data are masked', () => {
  show(<ColumnValue column={{ ...column, masked: true }} value={null} />);
  expect(screen.getByText('•••')).toBeInTheDocument();
});
