import { useTranslation } from 'react-i18next';
import type { Column } from '../api/types';
import { TrustMarks } from '../ui/judgement';
import { useFormat } from '../ui/use_format';

type Value = string | number | boolean | null;

/** True of the column in which a clock says that source and center state different due moments. */
export function isContradiction(column: Column): boolean {
  return column.reckoned && column.name.endsWith('.contradiction');
}

/** The value of a record in a column; a contradiction carries its mark. */
export function ColumnValue({ column, value }: { column: Column; value: Value }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (column.masked) return <em title={t('records.masked')}>•••</em>;
  const text = format.value(value, column.type);
  if (value === null || !isContradiction(column)) return text;
  return <>{text} <TrustMarks marks={['contradicted']} /></>;
}
