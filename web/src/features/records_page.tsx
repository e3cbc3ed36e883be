import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { apiPaths } from '../api/paths';
import { useExplanation, useRecords } from '../api/queries';
import type { Cause, Column, FigureKey, RecordList, RecordsOfChange, TreeKind } from '../api/types';
import { ColumnValue } from '../panels/column_value';
import { DataTable } from '../ui/data_table';
import { EmptyNote, LoadingLines, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';
import { useFormat } from '../ui/use_format';
import { AsOfBanner } from './as_of_control';
import { MoreButton } from './more_button';
import { screenPaths } from './screen_paths';
import { SimulatedFigures } from './passport_drawer';
import { TerritoryBanner } from './territory_control';
import { useScreenParameters } from './use_screen_parameters';

/** The records that count in one measure of a figure. */
export function RecordsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { measure, asOf, panel, key, change } = useRecordsAddress();
  const place = { tree: key.tree, unit: key.unit, period: key.period, territory: key.territory };
  const records = useRecords(measure, place, asOf, { change });
  const explanation = useExplanation(key.indicator === '' ? null : key, asOf);
  const figure = explanation.data?.figure;
  const part = figure?.passport.parts.find((other) => other.name === measure);
  const unit = figure ? format.text(figure.unit.name) : key.unit;
  return (
    <Page
      title={t(change ? 'records.moved' : 'records.title', { measure: part ? format.text(part.title) : measure })}
      lead={<>{panel !== null && <><Link to={screenPaths.panel(panel, { unit: key.unit, as_of: asOf, territory: key.territory })}>{t('records.back')}</Link>{' · '}</>}{t('records.of', { unit, period: format.periodOf(figure?.period ?? { text: key.period }) })}</>}
      actions={<a href={apiPaths.records(measure, place, asOf, null, change, 'csv')} download>{t('state.yes_csv')}</a>}
    >
      <AsOfBanner />
      <TerritoryBanner />
      {change && <p data-testid="of-change">{t('records.of_change', { cause: t(`cause.${change.cause as Cause}`), from: format.moment(change.from, true), to: format.moment(change.to, true) })}</p>}
      {figure && <SimulatedFigures figures={[figure]} />}
      {records.data ? <RecordsTable pages={records.data.pages} asOf={asOf} /> : records.error
        ? <ProblemNotice problem={records.error} onRetry={() => void records.refetch()} /> : <LoadingLines lines={10} />}
      {records.data && <MoreButton query={records} count={records.data.pages.reduce((sum, page) => sum + page.items.length, 0)} />}
    </Page>
  );
}

/** What the address asks for: a measure of a figure, as of now or of a past moment. */
function useRecordsAddress() {
  const { get } = useScreenParameters();
  const key: FigureKey = {
    indicator: get('indicator') ?? '', tree: (get('tree') ?? 'territory') as TreeKind, unit: get('unit') ?? '', period: get('period') ?? '',
    territory: get('territory') ?? undefined,
  };
  const [cause, from, to] = [get('cause'), get('from'), get('to')];
  const change: RecordsOfChange | null = cause !== null && from !== null && to !== null ? { cause, from, to } : null;
  return { measure: get('measure') ?? '', asOf: get('as_of'), panel: get('panel'), key, change };
}

/** Key columns first, then the others in declared order. */
function arrangeColumns(columns: readonly Column[]): Column[] {
  return [...columns.filter((column) => column.key), ...columns.filter((column) => !column.key)];
}

function RecordsTable({ pages, asOf }: { pages: readonly RecordList[]; asOf: string | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = arrangeColumns(pages[0]?.columns ?? []);
  const records = pages.flatMap((page) => page.items);
  if (records.length === 0) return <EmptyNote>{t('records.empty')}</EmptyNote>;
  const isNumber = (column: Column) => column.type === 'integer' || column.type === 'decimal';
  return (
    <DataTable
      caption={t('records.title', { measure: '' })}
      head={columns.map((column) => <th key={column.name} scope="col" data-align={isNumber(column) ? 'end' : undefined}>{format.text(column.title)}</th>)}
    >
      {records.map((record) => {
        const keyText = Object.values(record.key).join(' · ');
        return (
          <tr key={record.sequence} data-testid="record">
            {columns.map((column, index) => {
              const value = <ColumnValue column={column} value={record.values[column.name] ?? null} />;
              return index === 0 ? (
                <th key={column.name} scope="row" data-nowrap="">
                  <Link to={screenPaths.versions(record.dataset, record.key, asOf)} title={t('records.open', { key: keyText })}>{value}</Link>
                  {record.withdrawn && ` (${t('records.withdrawn')})`}
                </th>
              ) : <td key={column.name} data-nowrap={column.type === 'timestamp' ? '' : undefined} data-align={isNumber(column) ? 'end' : undefined}>{value}</td>;
            })}
          </tr>
        );
      })}
    </DataTable>
  );
}
