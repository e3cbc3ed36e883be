import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFiguresBelow, useRecords } from '../api/queries';
import type { PanelAnswer, PanelChild, PanelItem, RecordList, TreeKind } from '../api/types';
import type { PanelState } from '../panels/panel_state';
import { unitsBy, type RankedUnit } from '../panels/ranking';
import { UnitRanking } from '../panels/unit_ranking';
import { WorkList } from '../panels/work_list';
import { Choice } from '../ui/choice';
import { Section } from '../ui/page';
import { useFormat } from '../ui/use_format';
import { keyOf } from './passport_drawer';
import classes from './panel_work.module.css';
import { cardsOf, mapState, stateOf } from './panel_states';
import { screenPaths } from './screen_paths';

/** Figures that count records of one measure, so that there is a list behind them; what should shrink comes first. */
export function workItems(items: readonly PanelItem[]): PanelItem[] {
  const counts = items.filter(({ figure }) => {
    const [part, ...others] = figure.passport.parts;
    return others.length === 0 && part?.kind === 'measure' && figure.value !== null && figure.decimals === 0 && part.records === Number(figure.value);
  });
  return [...counts.filter(({ figure }) => figure.better === 'lower'), ...counts.filter(({ figure }) => figure.better !== 'lower')];
}

/** The figure for the units below, in the panel's own tree from the panel, else asked for. */
function useUnits(answer: PanelAnswer, item: PanelItem, tree: TreeKind, asOf: string | null): PanelState<readonly RankedUnit[]> {
  const format = useFormat();
  const { figure } = item;
  const column = tree === answer.panel.tree
    ? answer.children[0]?.figures.findIndex((other) => other.indicator === figure.indicator && other.period.text === figure.period.text) ?? -1 : -1;
  const asked = useFiguresBelow({ ...keyOf(figure), tree, unit: tree === answer.panel.tree ? answer.unit.code : '' }, asOf, column < 0);
  return useMemo(() => {
    if (column >= 0) return { kind: 'ready', data: unitsBy(answer.children, column, (child: PanelChild) => format.text(child.unit.name)) };
    return mapState(stateOf(asked), (figures) => figures.figures.map((one) => ({ code: one.unit.code, name: format.text(one.unit.name), figure: one })));
  }, [column, answer.children, asked, format]);
}

interface PanelWorkProps { answer: PanelAnswer; panel: string; asOf: string | null; frozen: boolean }

/** What waits to be done: how much of it at which unit, and the records themselves. Nothing where no figure has a list. */
export function PanelWork({ answer, panel, asOf, frozen }: PanelWorkProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const items = workItems(cardsOf(answer));
  const [name, setName] = useState<string | null>(null);
  const item = items.find(({ figure }) => figure.indicator === name) ?? items[0];
  if (!item) return null;
  return (
    <Section title={t('work.title')} hint={t('work.hint')}>
      <Choice
        label={t('work.list')} value={item.figure.indicator} onChange={setName}
        options={items.map(({ figure }) => ({ value: figure.indicator, label: `${format.text(figure.title)} · ${format.decimal(figure.value ?? '', 0)}` }))}
      />
      <WorkOf key={item.figure.indicator} answer={answer} item={item} panel={panel} asOf={asOf} frozen={frozen} />
    </Section>
  );
}

/** The records behind the figure, of the whole unit or of one below it. */
function useWorkRecords({ figure }: PanelItem, place: { tree: TreeKind; unit: string; period: string }, asOf: string | null) {
  const measure = figure.passport.parts[0]?.name ?? '';
  const records = useRecords(measure, place, asOf, { refreshSeconds: asOf === null ? 30 : null });
  const state = mapState(stateOf(records), (data): Pick<RecordList, 'columns' | 'items'> => ({ columns: data.pages[0]?.columns ?? [], items: data.pages[0]?.items ?? [] }));
  return { measure, state };
}

function WorkOf({ answer, item, panel, asOf, frozen }: PanelWorkProps & { item: PanelItem }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [tree, setTree] = useState<TreeKind>(answer.panel.tree);
  const [unit, setUnit] = useState<string | null>(null);
  const units = useUnits(answer, item, tree, asOf);
  const { figure } = item;
  const place = { tree: unit === null ? answer.panel.tree : tree, unit: unit ?? answer.unit.code, period: figure.period.text };
  const { measure, state } = useWorkRecords(item, place, asOf);
  const list = format.text(figure.title);
  const chosen = units.kind === 'ready' ? units.data.find((one) => one.code === unit) : undefined;
  const caption = t('work.records', { list, unit: chosen?.name ?? format.text(answer.unit.name) });
  const choose = useCallback((code: string) => { setUnit((now) => (now === code ? null : code)); }, []);
  const linkTo = useCallback((record: RecordList['items'][number], text: string) => <Link to={screenPaths.versions(record.dataset, record.key, asOf)}>{text}</Link>, [asOf]);
  const chooseTree = (next: TreeKind) => {
    setTree(next);
    setUnit(null);
  };
  const isRoot = answer.unit.path.length === 1;
  const hasUnits = isRoot || answer.children.length > 0;
  return (
    <div className={classes['work']} data-units={hasUnits || undefined}>
      {hasUnits && (
        <div className={classes['box']}>
          {isRoot && (
            <Choice
              label={t('work.of')} value={tree} onChange={chooseTree}
              options={[{ value: 'territory', label: t('work.territory') }, { value: 'organisation', label: t('work.organisation') }]}
            />
          )}
          <UnitRanking state={units} title={t('work.units', { list })} most={10} frozen={frozen} hrefOf={null} onChoose={choose} chosen={unit} />
        </div>
      )}
      <div className={classes['box']}>
        <div className={classes['head']}>
          <h3>{caption}</h3>
          {unit !== null && <button type="button" className={classes['clear']} onClick={() => { setUnit(null); }}>{t('work.whole')}</button>}
          <Link className={classes['all']} to={screenPaths.records(measure, { ...keyOf(figure), ...place }, asOf, panel)}>{t('work.all', { total: format.decimal(chosen?.figure.value ?? figure.value ?? '', 0) })}</Link>
        </div>
        <WorkList state={state} caption={caption} frozen={frozen} linkTo={linkTo} />
      </div>
    </div>
  );
}
