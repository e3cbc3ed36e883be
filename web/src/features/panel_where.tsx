import { NativeSelect } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUnitsBelow } from '../api/queries';
import type { PanelAnswer, PanelChild, TreeKind } from '../api/types';
import type { PanelState } from '../panels/panel_state';
import { rankUnits, unitsBy, type RankedUnit } from '../panels/ranking';
import { placeTiles } from '../panels/tile_grid';
import { TileMap, type TileMapData } from '../panels/tile_map';
import { UnitRanking } from '../panels/unit_ranking';
import { useFormat } from '../ui/use_format';
import { mapState, stateOf } from './panel_states';
import classes from './panel_where.module.css';

/** The breakdown that is shown first: the first that is judged anywhere, else the first. */
export function firstBreakdown(children: readonly PanelChild[]): number {
  const count = children[0]?.figures.length ?? 0;
  const judged = Array.from({ length: count }, (_, index) => index).find((index) => children.some((child) => child.figures[index]?.judgement !== 'not_judged'));
  return judged ?? 0;
}

/** Wider than the territory is: a screen has more room to the side, and the tiles stand for no distances. */
const tileShape = 0.85;

/** The map of the units below; in a tree without places there is none. */
function useTiles(tree: TreeKind, parent: string, units: PanelState<readonly RankedUnit[]>, most: number): PanelState<TileMapData> | null {
  const places = useUnitsBelow(tree, parent, parent !== '' && tree === 'territory');
  const items = places.data?.items;
  const grid = useMemo(() => (items ? placeTiles(items, tileShape) : null), [items]);
  const known = items?.some((unit) => unit.latitude !== null) ?? true;
  return useMemo(() => {
    if (tree !== 'territory' || !known) return null;
    if (units.kind !== 'ready') return units.kind === 'failed' ? units : { kind: 'loading' };
    const state = stateOf(places);
    const numbers = new Map(rankUnits(units.data).slice(0, most).map(({ code }, index) => [code, index + 1]));
    return grid ? { kind: 'ready', data: { units: units.data, grid, numbers } } : mapState(state, () => ({ units: units.data, grid: placeTiles([]) }));
  }, [tree, known, units, places, grid, most]);
}

interface PanelWhereProps {
  /** Null while it is on its way. */
  answer: PanelAnswer | null;
  frozen: boolean;
  most: number;
  hrefOf: (code: string) => string;
}

/** Where it is bad: one figure of the units below on a tile map, and the worst of them by name. */
export function PanelWhere({ answer, frozen, most, hrefOf }: PanelWhereProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [chosen, setChosen] = useState<number | null>(null);
  const children = answer?.children ?? null;
  const index = chosen ?? (children ? firstBreakdown(children) : 0);
  const nameOf = useCallback((child: PanelChild) => format.text(child.unit.name), [format]);
  const units = useMemo<PanelState<readonly RankedUnit[]>>(
    () => (children ? { kind: 'ready', data: unitsBy(children, index, nameOf) } : { kind: 'loading' }),
    [children, index, nameOf],
  );
  const tiles = useTiles(answer?.panel.tree ?? 'territory', answer?.unit.code ?? '', units, most);
  const figure = children?.[0]?.figures[index];
  const title = figure ? format.text(figure.title) : '';
  return (
    <section className={classes['where']} aria-label={t('where.title')}>
      <WhereHead units={children ?? []} index={index} onChoose={setChosen} />
      {tiles && <TileMap state={tiles} label={title} frozen={frozen} hrefOf={hrefOf} />}
      <UnitRanking state={units} title={t('where.worst', { indicator: title })} most={tiles ? most : 3 * most} numbered={tiles !== null} frozen={frozen} hrefOf={hrefOf} />
    </section>
  );
}

function WhereHead({ units, index, onChoose }: { units: readonly PanelChild[]; index: number; onChoose: (index: number) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const figures = units[0]?.figures ?? [];
  const figure = figures[index];
  return (
    <header className={classes['head']}>
      <div className={classes['names']}>
        <h2 className={classes['title']}>{t('where.title')} {figure && <span className={classes['what']}>{t('where.units', { count: units.length })}</span>}</h2>
        <p className={classes['what']}>{figure ? `${format.text(figure.title)} · ${format.periodOf(figure.period)}` : t('state.loading')}</p>
      </div>
      {figures.length > 1 && <div className={classes['choice']}>
        <NativeSelect
          size="xs" aria-label={t('where.indicator')} value={String(index)} onChange={(event) => { onChoose(Number(event.currentTarget.value)); }}
          data={figures.map((one, column) => ({ value: String(column), label: format.text(one.title) }))}
        />
      </div>}
    </header>
  );
}
