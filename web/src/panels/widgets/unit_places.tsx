import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { FigureWithPassport, RankingRow, RankingWidget } from '../../api/types';
import { DataTable } from '../../ui/data_table';
import { EmptyNote } from '../../ui/notice';
import { JudgementShape } from '../../ui/shape';
import { useFormat } from '../../ui/use_format';
import type { PanelState } from '../panel_state';
import { FigureFrame, WaitingWidget } from './widget_frame';
import classes from './widgets.module.css';

interface UnitPlacesProps {
  state: PanelState<RankingWidget>;
  frozen?: boolean;
  /** So many places are shown until all are asked for. */
  most?: number;
  /** Where a unit's row leads. */
  hrefOf: (code: string) => string;
  onOpen: (figure: FigureWithPassport) => void;
}

/** The units below ranked by a figure, the best first, with what moved since the period before; those that cannot be ranked apart. */
export const UnitPlaces = memo(function UnitPlaces({ state, frozen = false, most = 10, hrefOf, onOpen }: UnitPlacesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [all, setAll] = useState(false);
  if (state.kind !== 'ready') return <WaitingWidget state={state} />;
  const { figure, before, units, latest } = state.data;
  const ranked = units.filter((unit) => unit.place !== null);
  const title = t('ranking.title', { indicator: format.text(figure.title) });
  const what = t('ranking.before', { period: format.periodOf(before) });
  return (
    <FigureFrame figure={figure} title={title} latest={latest === true} what={what} frozen={frozen} testId="ranking" onOpen={onOpen}>
      {units.length === 0 ? <EmptyNote>{t('units.empty')}</EmptyNote> : ranked.length === 0 ? <EmptyNote>{t('ranking.none')}</EmptyNote>
        : <Places rows={all ? ranked : ranked.slice(0, most)} figure={figure} caption={title} hrefOf={hrefOf} />}
      {ranked.length > most && (
        <button type="button" className={classes['more']} aria-expanded={all} onClick={() => { setAll(!all); }}>
          {all ? t('ranking.fewer', { count: most }) : t('ranking.all', { count: ranked.length })}
        </button>
      )}
      <NotRanked rows={units.filter((unit) => unit.place === null)} figure={figure} hrefOf={hrefOf} />
    </FigureFrame>
  );
});

type RowsProps = Pick<UnitPlacesProps, 'hrefOf'> & { rows: readonly RankingRow[]; figure: FigureWithPassport };

function Places({ rows, figure, caption, hrefOf }: RowsProps & { caption: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <DataTable plain stacks
      caption={caption}
      head={<>
        <th scope="col" data-align="end">{t('ranking.place')}</th><th scope="col">{t('units.unit')}</th>
        <th scope="col" data-align="end">{t('ranking.value')}</th><th scope="col" data-align="end">{t('ranking.value_moved')}</th><th scope="col">{t('ranking.moved')}</th>
      </>}
    >
      {rows.map((row) => (
        <tr key={row.unit.code} data-testid="placed" data-unit={row.unit.code}>
          <td data-align="end">{row.place}</td>
          <th scope="row"><Link to={hrefOf(row.unit.code)}>{format.text(row.unit.name)}</Link></th>
          <td data-align="end"><Value row={row} figure={figure} /></td>
          <td data-align="end">{valueMoved(row, figure, format)}</td>
          <td><Moved row={row} /></td>
        </tr>
      ))}
    </DataTable>
  );
}

/** Where the figure is not judged at any unit a row bears no sign of it. */
function Value({ row, figure }: { row: RankingRow; figure: FigureWithPassport }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (row.value === null) return <>–</>;
  return (
    <span className={classes['value']}>
      {format.amount(row.value, figure.decimals, figure.unit_of_measure)}
      {row.judgement !== 'not_judged' && <span role="img" aria-label={t(`judgement.${row.judgement}`)} title={t(`judgement.${row.judgement}`)}><JudgementShape judgement={row.judgement} /></span>}
    </span>
  );
}

function valueMoved(row: RankingRow, figure: FigureWithPassport, format: ReturnType<typeof useFormat>): string {
  if (row.value === null || row.value_before === null) return '–';
  const unit = figure.unit_of_measure === 'percent' ? 'percentage_point' : figure.unit_of_measure;
  return format.difference(Number(row.value) - Number(row.value_before), figure.decimals, unit);
}

/** By how many places, as arrow and word. */
function Moved({ row }: { row: RankingRow }) {
  const { t } = useTranslation();
  if (row.place === null || row.place_before === null) return <span className={classes['note']}>{t('ranking.first_time')}</span>;
  const places = row.place_before - row.place;
  if (places === 0) return <span className={classes['moved']}>{t('ranking.same')}</span>;
  return (
    <span className={classes['moved']} data-direction={places > 0 ? 'up' : 'down'}>
      <span aria-hidden="true">{places > 0 ? '▲' : '▼'}</span> {places > 0 ? t('ranking.up', { count: places }) : t('ranking.down', { count: -places })}
    </span>
  );
}

function NotRanked({ rows, figure, hrefOf }: RowsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (rows.length === 0) return null;
  return (
    <details className={classes['apart']} data-testid="not-ranked">
      <summary>{t('ranking.not_ranked', { count: rows.length })}</summary>
      <ul className={classes['list']}>
        {rows.map((row) => (
          <li key={row.unit.code}>
            <Link to={hrefOf(row.unit.code)}>{format.text(row.unit.name)}</Link>: {row.not_ranked_reason === 'too_few_cases'
              ? `${format.amount(row.value ?? '', figure.decimals, figure.unit_of_measure)}, ${t('not_judged_reason.too_few_cases')}`
              : row.no_value_reason === null ? t('figure.no_value') : t(`no_value_reason.${row.no_value_reason as 'no_records'}`)}
          </li>
        ))}
      </ul>
    </details>
  );
}
