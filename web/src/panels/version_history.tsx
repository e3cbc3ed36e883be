import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column, RecordVersions, Version } from '../api/types';
import { Fact, Facts } from '../ui/facts';
import { EmptyNote, LoadingLines, ProblemNotice } from '../ui/notice';
import { Section } from '../ui/page';
import { useFormat } from '../ui/use_format';
import { ColumnValue } from './column_value';
import type { PanelState } from './panel_state';
import classes from './version_history.module.css';

interface VersionHistoryProps {
  state: PanelState<RecordVersions>;
  /** Draws the ways from a version to its delivery and to its archived bytes. */
  linksOf: (version: Version) => ReactNode;
}

/** Columns whose values differ between two versions, in the dataset's order. */
export function changedColumns(before: Version, after: Version, columns: readonly Column[]): Column[] {
  return columns.filter((column) => before.values[column.name] !== after.values[column.name]);
}

/** One record: its current content, then its versions with what changed from one to the next. */
export function VersionHistory({ state, linksOf }: VersionHistoryProps) {
  const { t } = useTranslation();
  if (state.kind === 'loading') return <LoadingLines lines={8} />;
  if (state.kind === 'failed') return <ProblemNotice problem={state.problem} onRetry={state.retry} />;
  const { items, columns } = state.data;
  const current = items.find((version) => version.current) ?? items.at(-1);
  if (!current) return <EmptyNote>{t('records.empty')}</EmptyNote>;
  return (
    <>
      <Section title={t('versions.current_values')}>
        <Facts boxed>
          {columns.map((column) => <ColumnFact key={column.name} column={column} version={current} />)}
        </Facts>
      </Section>
      <Section title={t('versions.history')} hint={t('versions.history_hint')}>
        <ol className={classes['list']} reversed>
          {items.map((version, index) => (
            <VersionEntry key={version.sequence} version={version} before={items[index - 1] ?? null} number={index + 1} columns={columns} links={linksOf(version)} />
          )).reverse()}
        </ol>
      </Section>
    </>
  );
}

function ColumnFact({ column, version }: { column: Column; version: Version }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Fact name={format.text(column.title)}>
      {column.masked ? <em>{t('records.masked')}</em> : <ColumnValue column={column} value={version.values[column.name] ?? null} />}
    </Fact>
  );
}

interface VersionEntryProps { version: Version; before: Version | null; number: number; columns: readonly Column[]; links: ReactNode }

function VersionEntry({ version, before, number, columns, links }: VersionEntryProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <li className={classes['entry']} data-testid="version" data-current={version.current || undefined}>
      <div className={classes['head']}>
        <h3 className={classes['title']}>{t('versions.version', { number })}</h3>
        {version.current && <span className={classes['tag']}>{t('versions.current')}</span>}
        {version.withdrawn && <span className={classes['tag']}>{t('versions.withdrawn')}</span>}
        {version.outranked && <span className={classes['tag']}>{t('versions.outranked')}</span>}
      </div>
      <p className={classes['times']}>
        <span>{t('versions.recorded_at')} {format.moment(version.recorded_at, true)}</span>
        {version.order !== null && <span>{t('versions.order')}: {format.value(version.order, typeof version.order === 'number' ? 'integer' : /T.*Z$/.test(String(version.order)) ? 'timestamp' : 'text')}</span>}
      </p>
      {before === null ? <p className={classes['quiet']}>{t('versions.first')}</p> : <Differences before={before} after={version} columns={columns} />}
      <p className={classes['links']}>{links}</p>
    </li>
  );
}

function Differences({ before, after, columns }: { before: Version; after: Version; columns: readonly Column[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const changed = changedColumns(before, after, columns);
  if (changed.length === 0) return <p className={classes['quiet']}>{t('versions.unchanged')}</p>;
  return (
    <Facts>
      {changed.map((column) => (
        <Fact key={column.name} name={format.text(column.title)}>
          <span className={classes['spoken']}>{t('versions.was')} </span>
          <del className={classes['was']}>{format.value(before.values[column.name] ?? null, column.type)}</del>
          <span aria-hidden="true"> → </span>
          <span className={classes['spoken']}>{t('versions.now')} </span>
          <ins className={classes['now']}>{format.value(after.values[column.name] ?? null, column.type)}</ins>
        </Fact>
      ))}
    </Facts>
  );
}
