import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSession } from '../../api/queries';
import { useRawRow } from '../../api/quarantine_queries';
import type { QuarantinedRow, QuarantineVerdict } from '../../api/types';
import { RawBytes } from '../../panels/raw_bytes';
import { RawRowsView } from '../../panels/raw_rows_view';
import { Fact, Facts } from '../../ui/facts';
import { SideDrawer } from '../../ui/side_drawer';
import { useFormat } from '../../ui/use_format';
import { stateOf } from '../panel_states';
import { screenPaths } from '../screen_paths';
import { useScreenParameters } from '../use_screen_parameters';
import { DecisionForm, useRowDecision } from './decision_form';
import { filterOfRow } from './filter';

/**
 * The row that the address names, among those shown; closed when it names none. A row that leaves the list while it is open, because it was
 * decided about, stays until the drawer is closed: what was done is told here.
 */
export function RowDrawer({ rows }: { rows: readonly QuarantinedRow[] }) {
  const { t } = useTranslation();
  const { get, change } = useScreenParameters();
  const opened = get('opened');
  const listed = rows.find((other) => String(other.id) === opened);
  const [last, setLast] = useState(listed);
  if (listed !== undefined && listed !== last) setLast(listed);
  const row = listed ?? (last !== undefined && String(last.id) === opened ? last : undefined);
  return (
    <SideDrawer
      opened={row !== undefined} onClose={() => { change({ opened: null }); }} testId="quarantined-row-drawer"
      title={row ? t('quarantine.row_title', { row: row.raw_row, sequence: row.delivery }) : t('quarantine.title')}
    >
      {row && <RowView key={row.id} row={row} isListed={listed !== undefined} />}
    </SideDrawer>
  );
}

function RowView({ row, isListed }: { row: QuarantinedRow; isListed: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const raw = useRawRow(row);
  const isAdministrator = useSession().data?.role === 'administrator';
  const own = raw.data?.rows.find((other) => other.row === row.raw_row);
  return (
    <>
      <Facts>
        <Fact name={t('quarantine.reason')}>{t(`reason.${row.reason}`)}</Fact>
        <Fact name={t('quarantine.column')}>{row.column ?? t('quarantine.whole_row')}</Fact>
        <Fact name={t('quarantine.value')}><code>{row.value ?? '–'}</code></Fact>
        <Fact name={t('quarantine.message')}>{row.message}</Fact>
        <Fact name={t('quarantine.offset')}>{format.count(row.byte_offset)}</Fact>
        {row.decision && (
          <Fact name={t(`verdict.${row.decision.verdict}`)}>
            {t('quarantine.decided_by', { who: row.decision.decided_by, when: format.moment(row.decision.decided_at) })}: {row.decision.reason}
          </Fact>
        )}
      </Facts>
      <h3>{t('quarantine.raw')}</h3>
      {row.raw_row > 0 && <RawRowsView state={stateOf(raw)} />}
      {own?.bytes !== undefined && <RawBytes bytes={own.bytes} offset={own.offset} />}
      {isAdministrator && <RowActions row={row} isListed={isListed} />}
    </>
  );
}

/** What can be decided about the row; of a row that a replay has resolved only the decision can be taken back, of one that has left the list nothing. */
function RowActions({ row, isListed }: { row: QuarantinedRow; isListed: boolean }) {
  const { t } = useTranslation();
  const decide = useRowDecision();
  const verdicts = isListed ? verdictsOf(row) : [];
  return (
    <>
      {row.dataset !== null && <p><Link to={screenPaths.mapping(row.source, row.dataset, row.delivery)}>{t('quarantine.mend')}</Link></p>}
      {isListed && !row.acceptable && row.resolved_by === null && <p>{t('quarantine.not_acceptable')}</p>}
      {(verdicts.length > 0 || !decide.isIdle) && <DecisionForm filter={filterOfRow(row)} count={1} verdicts={verdicts} decide={decide} />}
    </>
  );
}

function verdictsOf(row: QuarantinedRow): QuarantineVerdict[] {
  if (row.decision && row.decision.verdict !== 'reopened') return ['reopened'];
  if (row.resolved_by !== null) return [];
  return row.acceptable ? ['accepted', 'discarded'] : ['discarded'];
}
