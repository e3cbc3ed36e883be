import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { DataTable } from './data_table';

const rows = (value: string) => <tr><th scope="row">Nguồn</th><td>{value}</td></tr>;
const head = <><th scope="col">Tên</th><th scope="col">Trạng thái</th></>;

it('names the cells of a table that stacks by their columns, also those that come later', () => {
  const { rerender } = render(<DataTable stacks caption="Nguồn" head={head}>{null}</DataTable>);
  rerender(<DataTable stacks caption="Nguồn" head={head}>{rows('đúng hạn')}</DataTable>);
  expect(screen.getByText('đúng hạn').dataset['column']).toBe('Trạng thái');
  expect(screen.getByRole('rowheader').dataset['column']).toBeUndefined();
});

it('leaves the cells of other tables as they are', () => {
  render(<DataTable caption="Nguồn" head={head}>{rows('đúng hạn')}</DataTable>);
  expect(screen.getByText('đúng hạn').dataset['column']).toBeUndefined();
});
