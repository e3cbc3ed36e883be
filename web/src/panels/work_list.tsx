import { Skeleton } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column, RecordList } from '../api/types';
import { DataTable } from '../ui/data_table';
import { EmptyNote, ProblemNotice } from '../ui/notice';
import { useFormat } from '../ui/use_format';
import type { PanelState } from './panel_state';
import classes from './work_list.module.css';

type ShownRecord = RecordList['items'][number];

interface WorkListProps {
  state: PanelState<Pick<RecordList, 'columns' | 'items'>>;
  caption: string;
  most?: number;
  frozen?: boolean;
  /** Draws the way to a record's versions. */
  linkTo: (record: ShownRecord, text: string) => ReactNode;
}

const mostColumns = 5;

/** Key columns, then moments (when it came, when it is due), then what it is about; never what is masked or empty. */
export function workColumns({ columns, items }: Pick<RecordList, 'columns' | 'items'>): Column[] {
  const filled = columns.filter((column) => !column.masked && (column.key || items.some((record) => (record.values[column.name] ?? null) !== null)));
  const key = filled.filter((column) => column.key);
  const moments = momentsOf(filled.filter((column) => !column.key && (column.type === 'timestamp' || column.type === 'date')));
  const about = filled.filter((column) => !column.key && (column.dimension || column.type === 'text'));
  return [...key, ...moments, ...about.filter((column) => column.dimension), ...about.filter((column) => !column.dimension)].slice(0, mostColumns);
}

/** The first two; where a clock says when a record is due, that goes before what a source says of it. */
function momentsOf(columns: Column[]): Column[] {
  const due = columns.find((column) => column.reckoned && column.name.endsWith('.due'));
  const first = columns.find((column) => !column.reckoned);
  return due && first ? [first, due] : columns.slice(0, 2);
}

/** The first records of a list that someone has to work on. */
export const WorkList = memo(function WorkList({ state, caption, most = 8, frozen = false, linkTo }: WorkListProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (state.kind === 'failed') return <ProblemNotice problem={state.problem} onRetry={state.retry} />;
  if (state.kind === 'loading') {
    return <div className={classes['waiting']} role="status" aria-label={t('state.loading')}>{Array.from({ length: most + 1 }, (_, index) => <Skeleton key={index} height="1.25rem" />)}</div>;
  }
  const { items } = state.data;
  if (items.length === 0) return <EmptyNote>{t('records.empty')}</EmptyNote>;
  const columns = workColumns(state.data);
  return (
    <DataTable plain frozen={frozen} caption={caption} head={columns.map((column) => <th key={column.name} scope="col">{format.text(column.title)}</th>)}>
      {items.slice(0, most).map((record) => (
        <tr key={record.sequence} data-testid="work">
          {columns.map((column, index) => {
            const value = record.values[column.name] ?? null;
            const text = value !== null && column.type === 'timestamp' ? format.moment(String(value)) : format.value(value, column.type);
            return index === 0 ? <th key={column.name} scope="row" data-nowrap="">{linkTo(record, text)}</th> : <td key={column.name} data-nowrap={column.type === 'timestamp' ? '' : undefined}>{text}</td>;
          })}
        </tr>
      ))}
    </DataTable>
  );
});
