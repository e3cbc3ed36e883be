import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useExplanation, useFigureHistory } from '../api/queries';
import type { Figure, FigureKey, FigureWithPassport, PanelItem } from '../api/types';
import type { PanelState } from '../panels/panel_state';
import { PassportView, type PassportPart, type ShownPassport } from '../panels/passport/passport_view';
import { SimulatedNote } from '../ui/judgement';
import { SideDrawer } from '../ui/side_drawer';
import { useFormat } from '../ui/use_format';
import { mapState, stateOf } from './panel_states';
import { encodeFigureKey, parseFigureKey, screenPaths } from './screen_paths';
import { useScreenParameters } from './use_screen_parameters';
import { WhyChanged } from './why_changed';

export function keyOf(figure: Figure, territory?: string): FigureKey {
  return { territory, indicator: figure.indicator, tree: figure.tree, unit: figure.unit.code, period: figure.period.text };
}

/** Opens a figure's passport by its name in the address, so that it can be sent and gone back from. */
export function useOpenPassport() {
  const { change } = useScreenParameters();
  return useCallback((figure: Figure) => { change({ passport: encodeFigureKey(keyOf(figure)) }); }, [change]);
}

function sameFigure(item: PanelItem, key: FigureKey): boolean {
  return encodeFigureKey(keyOf(item.figure)) === encodeFigureKey(key);
}

interface PassportDrawerProps {
  panel: string | null;
  /** Items of the panel behind the drawer: their figures are shown at once and as they change. */
  items: readonly PanelItem[];
  /** The display has lost the server. */
  frozen: boolean;
}

/** The passport of the figure that the address names; closed when it names none. */
export function PassportDrawer({ panel, items, frozen }: PassportDrawerProps) {
  const { t } = useTranslation();
  const { get, change } = useScreenParameters();
  const format = useFormat();
  const asOf = get('as_of');
  const named = parseFigureKey(get('passport'));
  const key = named === null ? null : { ...named, territory: get('territory') ?? undefined };
  const explanation = useExplanation(key, asOf);
  const item = key === null ? undefined : items.find((other) => sameFigure(other, key));
  const explained = explanation.data;
  const state: PanelState<ShownPassport> = item
    ? { kind: 'ready', data: { figure: item.figure, trend: item.trend, changes: explained ?? null } }
    : mapState(stateOf(explanation), (answer) => ({ figure: answer.figure, trend: answer.figure.trend ?? null, changes: answer }));
  const shown = state.kind === 'ready' ? state.data.figure : null;
  const isReported = shown?.passport.formula === '';
  const history = useFigureHistory(isReported ? key : null, asOf);
  const withHistory = mapState(state, (data) => ({ ...data, statements: history.data?.statements ?? null }));
  return (
    <SideDrawer
      opened={key !== null} onClose={() => { change({ passport: null, since: null }); }} title={shown ? format.text(shown.title) : t('passport.title')} testId="passport"
    >
      <PassportView
        state={withHistory} frozen={frozen}
        why={key && <WhyChanged key={`${encodeFigureKey(key)} ${get('since') ?? ''}`} figureKey={key} asOf={asOf} since={get('since')} panel={panel} />}
        linkTo={(part, figure) => <PartLink part={part} figure={figure} asOf={asOf} panel={panel} />}
        linkToRow={(statement) => <Link to={screenPaths.version(statement.version)}>{t('passport.see_record')}</Link>}
      />
    </SideDrawer>
  );
}

interface PartLinkProps { part: PassportPart; figure: FigureWithPassport; asOf: string | null; panel: string | null }

function PartLink({ part, figure, asOf, panel }: PartLinkProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { parameters } = useScreenParameters();
  if (part.kind === 'measure') {
    return <Link to={screenPaths.records(part.name, keyOf(figure, figure.passport.restatement?.territory), asOf, panel)}>{t('passport.see_records', { records: format.count(part.records) })}</Link>;
  }
  const next = new URLSearchParams(parameters);
  next.set('passport', encodeFigureKey({ ...keyOf(figure), indicator: part.name }));
  return <Link to={{ search: `?${next.toString()}` }}>{t('passport.see_indicator')}</Link>;
}

/** The note that must stand on a screen whose figures are simulated; nothing otherwise. */
export function SimulatedFigures({ figures }: { figures: readonly Figure[] }) {
  return figures.some((figure) => figure.trust_marks.includes('simulated')) ? <SimulatedNote /> : null;
}
