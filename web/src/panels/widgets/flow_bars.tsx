import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FigureWithPassport, FlowWidget } from '../../api/types';
import { Changed } from '../../ui/changed';
import { EmptyNote } from '../../ui/notice';
import { useFormat } from '../../ui/use_format';
import type { PanelState } from '../panel_state';
import { FigureFrame, WaitingWidget } from './widget_frame';
import classes from './widgets.module.css';

interface FlowBarsProps { state: PanelState<FlowWidget>; frozen?: boolean; onOpen: (figure: FigureWithPassport) => void }

/** A figure by the values of a dimension: bars from zero, number and share, the largest first. */
export const FlowBars = memo(function FlowBars({ state, frozen = false, onOpen }: FlowBarsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (state.kind !== 'ready') return <WaitingWidget state={state} />;
  const { figure, by, rows, more, latest } = state.data;
  const dimension = format.text(by.title) || by.column.replaceAll('_', ' ');
  const largest = Math.max(0, ...rows.map((row) => Math.abs(Number(row.amount ?? 0))));
  return (
    <FigureFrame
      figure={figure} title={t('flow.title', { indicator: format.text(figure.title), dimension })} latest={latest === true} frozen={frozen} testId="flow" onOpen={onOpen}
    >
      {rows.length === 0 ? <EmptyNote>{t('flow.empty')}</EmptyNote> : (
        <ol className={classes['rows']}>
          {rows.map((row) => <Row key={row.value ?? ''} row={row} widget={state.data} largest={largest} />)}
        </ol>
      )}
      {more > 0 && <p className={classes['note']}>{t('flow.more', { count: more })}</p>}
    </FigureFrame>
  );
});

function Row({ row, widget, largest }: { row: FlowWidget['rows'][number]; widget: FlowWidget; largest: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { figure, by } = widget;
  const name = row.value === null ? t('flow.unknown') : by.type === 'boolean' ? format.value(row.value === 'true', by.type) : row.value;
  const width = largest === 0 || row.amount === null ? 0 : (100 * Math.abs(Number(row.amount))) / largest;
  return (
    <li className={classes['row']} data-testid="flow-row" data-value={row.value ?? undefined}>
      <span className={classes['name']} data-unknown={row.value === null || undefined}>{name}</span>
      <svg className={classes['bar']} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect className={classes['track']} width="100" height="4" /><rect className={classes['fill']} width={width.toFixed(1)} height="4" />
      </svg>
      <span className={classes['number']}>
        <Changed value={row.amount}>{row.amount === null ? '–' : format.amount(row.amount, figure.decimals, figure.unit_of_measure)}</Changed>
      </span>
      <span className={classes['share']}>{row.share !== null && `${format.decimal(row.share, 1)}%`}</span>
    </li>
  );
}
