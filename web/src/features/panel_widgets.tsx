import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FigureWithPassport, PanelAnswer, PanelWidget } from '../api/types';
import { FlowBars } from '../panels/widgets/flow_bars';
import { PanelText } from '../panels/widgets/panel_text';
import { SourceList } from '../panels/widgets/source_list';
import { UnitPlaces } from '../panels/widgets/unit_places';
import classes from './panel_widgets.module.css';

/** The figures of a panel's widgets. */
export function widgetFigures(widgets: readonly PanelWidget[]): FigureWithPassport[] {
  return widgets.flatMap((widget) => ('figure' in widget ? [widget.figure] : []));
}

/** Texts that are declared before all else stand above the cards, the other widgets below them. */
export function placeWidgets(answer: Pick<PanelAnswer, 'items' | 'widgets'> | null): { leading: PanelWidget[]; others: PanelWidget[] } {
  if (!answer?.widgets) return { leading: [], others: [] };
  const { widgets } = answer;
  const first = Math.min(...[...answer.items, ...widgets].flatMap((one) => (one.kind === 'text' ? [] : [one.position])));
  return { leading: widgets.filter((widget) => widget.position < first), others: widgets.filter((widget) => widget.position >= first) };
}

interface PanelWidgetsProps {
  widgets: readonly PanelWidget[];
  frozen: boolean;
  hrefOf: (code: string) => string;
  onOpen: (figure: FigureWithPassport) => void;
}

export function PanelWidgets({ widgets, ...rest }: PanelWidgetsProps) {
  const { t } = useTranslation();
  if (widgets.length === 0) return null;
  return (
    <section className={classes['widgets']} aria-label={t('panel.more')} data-testid="widgets">
      {widgets.map((widget) => <Widget key={widget.position} widget={widget} {...rest} />)}
    </section>
  );
}

/** Keeps each state the same object as long as its widget is, so that only what changed is drawn. */
function Widget({ widget, frozen, hrefOf, onOpen }: Omit<PanelWidgetsProps, 'widgets'> & { widget: PanelWidget }) {
  const drawn = useMemo(() => {
    switch (widget.kind) {
      case 'text': return { kind: widget.kind, state: { kind: 'ready' as const, data: widget } };
      case 'flow': return { kind: widget.kind, state: { kind: 'ready' as const, data: widget } };
      case 'ranking': return { kind: widget.kind, state: { kind: 'ready' as const, data: widget } };
      case 'sources': return { kind: widget.kind, state: { kind: 'ready' as const, data: widget } };
    }
  }, [widget]);
  switch (drawn.kind) {
    case 'text': return <div className={classes['wide']}><PanelText state={drawn.state} /></div>;
    case 'flow': return <FlowBars state={drawn.state} frozen={frozen} onOpen={onOpen} />;
    case 'ranking': return <UnitPlaces state={drawn.state} frozen={frozen} hrefOf={hrefOf} onOpen={onOpen} />;
    case 'sources': return <SourceList state={drawn.state} frozen={frozen} />;
  }
}

/** What stands above everything else of a panel. */
export function LeadingTexts({ widgets }: { widgets: readonly PanelWidget[] }) {
  const texts = widgets.flatMap((widget) => (widget.kind === 'text' ? [widget] : []));
  if (texts.length === 0) return null;
  return <div className={classes['texts']} data-testid="leading-texts">{texts.map((text) => <PanelText key={text.position} state={{ kind: 'ready', data: text }} />)}</div>;
}
