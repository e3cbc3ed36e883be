import { Skeleton } from '@mantine/core';
import { memo, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EmptyNote, ProblemNotice } from '../ui/notice';
import { JudgementShape } from '../ui/shape';
import { useFormat } from '../ui/use_format';
import { countJudgements, worstFirst } from './judgement_summary';
import type { PanelState } from './panel_state';
import { initialsOf, stepsOf, type RankedUnit } from './ranking';
import { neighbourOf, type TileGrid } from './tile_grid';
import classes from './tile_map.module.css';

/** `numbers` are those under which some units stand in the list beside the map. */
export interface TileMapData { units: readonly RankedUnit[]; grid: TileGrid; numbers?: ReadonlyMap<string, number> }

interface TileMapProps {
  state: PanelState<TileMapData>;
  /** Name of the figure that the tiles show. */
  label: string;
  frozen?: boolean;
  hrefOf: (code: string) => string;
}

/**
 * Units as equal tiles, each near its place on the map. A tile has its initials or name, and its judgement as
 * form and colour, or, where nothing is judged, one of five shades of the amount; and the number under which it
 * stands in the list beside the map, since initials are shared by several. One tile is in the order of
 * Tab; arrows go to the neighbours, Enter opens the unit.
 */
export const TileMap = memo(function TileMap({ state, label, frozen = false, hrefOf }: TileMapProps) {
  const { t } = useTranslation();
  if (state.kind === 'failed') return <ProblemNotice problem={state.problem} onRetry={state.retry} />;
  if (state.kind === 'ready' && state.data.units.length === 0) return <EmptyNote>{t('units.empty')}</EmptyNote>;
  return (
    <div className={classes['frame']} data-frozen={frozen || undefined}>
      {state.kind === 'loading' ? <div className={classes['waiting']} role="status" aria-label={t('state.loading')}><Skeleton height="100%" /></div>
        : <Tiles data={state.data} label={label} hrefOf={hrefOf} />}
      {state.kind === 'loading' ? <p className={classes['legend']}>{t('state.loading')}</p> : <Legend units={state.data.units} />}
      <p className={classes['note']}>{t('where.note')}</p>
    </div>
  );
});

const directions: Partial<Record<string, 'left' | 'right' | 'up' | 'down'>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };

function Tiles({ data: { units, grid, numbers }, label, hrefOf }: { data: TileMapData; label: string; hrefOf: (code: string) => string }) {
  const { t } = useTranslation();
  const links = useRef(new Map<string, HTMLAnchorElement>());
  const [current, setCurrent] = useState<string | null>(null);
  const [pointed, setPointed] = useState<string | null>(null);
  const rows = useMemo(() => rowsOf(units, grid), [units, grid]);
  const steps = useMemo(() => (units.some((unit) => unit.figure.judgement !== 'not_judged') ? null : stepsOf(units)), [units]);
  const first = current !== null && units.some((unit) => unit.code === current) ? current : rows.flat().find((unit) => unit !== null)?.code ?? null;
  const onKeyDown = (event: KeyboardEvent, code: string) => {
    const direction = directions[event.key];
    if (event.key === 'Escape') setPointed(null);
    const next = direction ? neighbourOf(grid, code, direction) : null;
    if (!direction) return;
    event.preventDefault();
    if (next !== null) links.current.get(next)?.focus();
  };
  return (
    <div className={classes['grid']} role="grid" aria-label={t('where.map', { indicator: label })} data-testid="tile-map">
      {rows.map((row, index) => (
        <div key={index} className={classes['row']} role="row">
          {row.map((unit, column) => (unit === null ? <div key={column} className={classes['gap']} role="gridcell" /> : (
            <div key={column} className={classes['cell']} role="gridcell">
              <Tile
                unit={unit} number={numbers?.get(unit.code)} step={steps?.get(unit.code) ?? null} href={hrefOf(unit.code)} inTabOrder={unit.code === first}
                onReady={(link) => { if (link) links.current.set(unit.code, link); else links.current.delete(unit.code); }}
                onKeyDown={(event) => { onKeyDown(event, unit.code); }} onPoint={(on) => { setPointed(on ? unit.code : null); if (on) setCurrent(unit.code); }}
              />
              {pointed === unit.code && <Tip unit={unit} low={index < 2} side={column < 3 ? 'start' : column >= row.length - 3 ? 'end' : 'middle'} />}
            </div>
          )))}
        </div>
      ))}
    </div>
  );
}

function rowsOf(units: readonly RankedUnit[], grid: TileGrid): (RankedUnit | null)[][] {
  const rows = Array.from({ length: grid.rows }, () => new Array<RankedUnit | null>(grid.columns).fill(null));
  for (const unit of units) {
    const cell = grid.cells.get(unit.code);
    const row = cell ? rows[cell.row] : undefined;
    if (cell && row) row[cell.column] = unit;
  }
  return rows;
}

interface TileProps {
  unit: RankedUnit;
  number: number | undefined;
  step: number | null;
  href: string;
  inTabOrder: boolean;
  onReady: (link: HTMLAnchorElement | null) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onPoint: (on: boolean) => void;
}

/** The figure in words, as the tip and those who don't see the tile get it. */
function useWords(unit: RankedUnit): string {
  const { t } = useTranslation();
  const format = useFormat();
  const { figure } = unit;
  const value = figure.value === null
    ? t(figure.no_value_reason === null ? 'figure.no_value' : `no_value_reason.${figure.no_value_reason}`)
    : format.amount(figure.value, figure.decimals, figure.unit_of_measure);
  const marks = figure.trust_marks.map((mark) => t(`trust.${mark}`)).join(', ');
  return [value, t(`judgement.${figure.judgement}`), marks].filter((part) => part !== '').join(' · ');
}

function Tile({ unit, number, step, href, inTabOrder, onReady, onKeyDown, onPoint }: TileProps) {
  const words = useWords(unit);
  const { figure } = unit;
  return (
    <Link
      to={href} ref={onReady} className={classes['tile']} tabIndex={inTabOrder ? 0 : -1} aria-label={`${unit.name}: ${words}`} data-testid="tile" data-unit={unit.code}
      data-initials={initialsOf(unit.name)} data-number={number} data-judgement={figure.judgement} data-step={step ?? undefined} data-silent={figure.trust_marks.includes('silent') || undefined} onKeyDown={onKeyDown}
      onMouseEnter={() => { onPoint(true); }} onMouseLeave={() => { onPoint(false); }} onFocus={() => { onPoint(true); }} onBlur={() => { onPoint(false); }}
    >
      {step === null && <JudgementShape judgement={figure.judgement} />}
      <span className={classes['name']} aria-hidden="true">{unit.name}</span>
    </Link>
  );
}

function Tip({ unit, low, side }: { unit: RankedUnit; low: boolean; side: 'start' | 'middle' | 'end' }) {
  const words = useWords(unit);
  return <div className={classes['tip']} data-low={low || undefined} data-side={side} aria-hidden="true"><strong>{unit.name}</strong>{words}</div>;
}

function Legend({ units }: { units: readonly RankedUnit[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const counts = countJudgements(units.map((unit) => unit.figure));
  if (counts.not_judged === units.length) {
    return (
      <p className={classes['legend']}>
        {t('where.less')}<span className={classes['scale']} aria-hidden="true">{[1, 2, 3, 4, 5].map((step) => <span key={step} data-step={step} />)}</span>{t('where.more')}
      </p>
    );
  }
  return (
    <ul className={classes['legend']} aria-label={t('judgement.legend')}>
      {worstFirst.map((judgement) => (
        <li key={judgement}><JudgementShape judgement={judgement} /><strong>{format.count(counts[judgement])}</strong> {t(`judgement.${judgement}`)}</li>
      ))}
    </ul>
  );
}
