import { TextInput } from '@mantine/core';
import { memo, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Figure, Judgement, PanelChild, TrustMark } from '../api/types';
import { DataTable } from '../ui/data_table';
import { TrustMarks } from '../ui/judgement';
import { EmptyNote, LoadingLines, ProblemNotice } from '../ui/notice';
import { plainText } from '../ui/plain_text';
import { JudgementShape } from '../ui/shape';
import { useFormat } from '../ui/use_format';
import type { PanelState } from './panel_state';
import classes from './unit_table.module.css';

interface UnitTableProps {
  state: PanelState<readonly PanelChild[]>;
  frozen?: boolean;
  /** Draws the way to a unit's own panel. */
  linkTo: (code: string, name: string) => ReactNode;
  onOpen: (figure: Figure) => void;
}

/** Column −1 is the unit's name, the others are figures. */
export interface UnitOrder { column: number; descending: boolean }

/** Children whose code or name contains the text, in the order asked. Figures without value come last. */
export function arrangeUnits(children: readonly PanelChild[], text: string, order: UnitOrder, nameOf: (child: PanelChild) => string): PanelChild[] {
  const wanted = plainText(text);
  const found = children.filter((child) => wanted === '' || plainText(nameOf(child)).includes(wanted) || child.unit.code.includes(wanted));
  const collator = new Intl.Collator('vi');
  const direction = order.descending ? -1 : 1;
  return found.sort((left, right) => {
    const byName = collator.compare(nameOf(left), nameOf(right));
    if (order.column < 0) return direction * byName;
    const a = left.figures[order.column]?.value ?? null;
    const b = right.figures[order.column]?.value ?? null;
    if (a === null || b === null) return a === b ? byName : a === null ? 1 : -1;
    return direction * (Number(a) - Number(b)) || byName;
  });
}

/** The units below the one shown with their figures; searched without diacritics, sorted by column. */
export const UnitTable = memo(function UnitTable({ state, frozen = false, linkTo, onOpen }: UnitTableProps) {
  const { t } = useTranslation();
  if (state.kind === 'loading') return <LoadingLines lines={6} />;
  if (state.kind === 'failed') return <ProblemNotice problem={state.problem} onRetry={state.retry} />;
  if (state.data.length === 0) return <EmptyNote>{t('units.empty')}</EmptyNote>;
  return <ReadyTable units={state.data} frozen={frozen} linkTo={linkTo} onOpen={onOpen} />;
});

function ReadyTable({ units, frozen, linkTo, onOpen }: { units: readonly PanelChild[] } & Required<Omit<UnitTableProps, 'state'>>) {
  const { t } = useTranslation();
  const format = useFormat();
  const [text, setText] = useState('');
  const [order, setOrder] = useState<UnitOrder>({ column: -1, descending: false });
  const shown = useMemo(
    () => arrangeUnits(units, text, order, (child) => format.text(child.unit.name)),
    [units, text, order, format],
  );
  const figures = units[0]?.figures ?? [];
  const common = commonMarks(units);
  const judged = figures.map((_, column) => units.some((unit) => unit.figures[column]?.judgement !== 'not_judged'));
  const sortBy = (column: number) => {
    setOrder((now) => ({ column, descending: now.column === column ? !now.descending : column >= 0 }));
  };
  return (
    <div className={classes['block']}>
      <div className={classes['tools']}>
        <TextInput
          type="search" label={t('units.search')} placeholder={t('units.search_hint')} value={text}
          onChange={(event) => { setText(event.currentTarget.value); }}
        />
        <p className={classes['found']} role="status">{t('units.found', { shown: format.count(shown.length), total: format.count(units.length) })}</p>
        <Legend />
        <TrustMarks marks={common} />
      </div>
      {shown.length === 0 ? <EmptyNote>{t('units.none', { text })}</EmptyNote> : (
        <DataTable
          caption={t('units.title')}
          head={<>
            <SortableHead name={t('units.unit')} column={-1} order={order} onSort={sortBy} />
            {figures.map((figure, column) => (
              <SortableHead
                key={`${figure.indicator} ${figure.period.text}`} name={format.text(figure.title)} note={format.periodOf(figure.period)}
                column={column} order={order} onSort={sortBy}
              />
            ))}
          </>}
        >
          {shown.map((child) => (
            <tr key={child.unit.code} data-testid="unit-row" data-unit={child.unit.code}>
              <th scope="row">{linkTo(child.unit.code, format.text(child.unit.name))}</th>
              {child.figures.map((figure, column) => (
                <FigureCell key={column} figure={figure} isJudged={judged[column] ?? false} hidden={common} frozen={frozen} onOpen={onOpen} />
              ))}
            </tr>
          ))}
        </DataTable>
      )}
    </div>
  );
}

/** Marks that every figure of the table carries: told once above it in place of in every cell. */
function commonMarks(units: readonly PanelChild[]): TrustMark[] {
  const all = units.flatMap((unit) => unit.figures);
  return (all[0]?.trust_marks ?? []).filter((mark) => all.every((figure) => figure.trust_marks.includes(mark)));
}

const judgements: readonly Judgement[] = ['good', 'watch', 'bad', 'not_judged'];

function Legend() {
  const { t } = useTranslation();
  return (
    <ul className={classes['legend']} aria-label={t('judgement.legend')}>
      {judgements.map((judgement) => (
        <li key={judgement}><JudgementShape judgement={judgement} /> {t(`judgement.${judgement}`)}</li>
      ))}
    </ul>
  );
}

interface SortableHeadProps { name: string; note?: string; column: number; order: UnitOrder; onSort: (column: number) => void }

function SortableHead({ name, note, column, order, onSort }: SortableHeadProps) {
  const { t } = useTranslation();
  const sorted = order.column === column ? (order.descending ? 'descending' : 'ascending') : 'none';
  return (
    <th scope="col" aria-sort={sorted} data-align={column < 0 ? undefined : 'end'}>
      <button type="button" className={classes['sort']} title={t('units.sort', { column: name })} onClick={() => { onSort(column); }}>
        {name}
        <span className={classes['arrow']} aria-hidden="true">{sorted === 'none' ? '↕' : sorted === 'ascending' ? '↑' : '↓'}</span>
      </button>
      {note !== undefined && <span className={classes['note']}>{note}</span>}
    </th>
  );
}

/** A column in which no unit is judged bears no sign of a judgement; it is read out all the same. */
interface FigureCellProps { figure: Figure; isJudged: boolean; hidden: readonly TrustMark[]; frozen: boolean; onOpen: (figure: Figure) => void }

function FigureCell({ figure, isJudged, hidden, frozen, onOpen }: FigureCellProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const silent = figure.trust_marks.includes('silent');
  const name = t('figure.open_passport', { title: `${format.text(figure.title)}, ${format.text(figure.unit.name)}` });
  const value = figure.value === null
    ? '–'
    : format.amount(figure.value, figure.decimals, figure.unit_of_measure);
  return (
    <td data-align="end" data-nowrap="" className={classes['cell']} data-silent={silent || undefined} data-frozen={frozen || undefined}>
      <button
        type="button" className={classes['figure']} aria-haspopup="dialog" title={name}
        aria-label={`${value}, ${t(`judgement.${figure.judgement}`)}. ${name}`} onClick={() => { onOpen(figure); }}
      >
        {isJudged && <JudgementShape judgement={figure.judgement} />}
        <span>{value}</span>
      </button>
      <TrustMarks marks={figure.trust_marks.filter((mark) => !hidden.includes(mark))} />
    </td>
  );
}
