import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show, somePanel } from '../../testing/render';
import type { PanelWidget } from '../api/types';
import { LeadingTexts, PanelWidgets, placeWidgets, widgetFigures } from './panel_widgets';

const panel = somePanel();
const { figure } = panel.items[0]!;
const nothing = () => undefined;
const text = (position: number): PanelWidget => ({ position, kind: 'text', text: { vi: `Lời ${position}` } });
const flow: PanelWidget = { position: 2, kind: 'flow', figure, by: { column: 'channel', title: {}, type: 'text' }, rows: [], more: 0 };
const sources: PanelWidget = { position: 3, kind: 'sources', sources: figure.passport.sources };

it('puts texts before all else above the cards, and everything else below', () => {
  const items = [{ ...panel.items[0]!, position: 1 }];
  expect(placeWidgets({ items, widgets: [text(0), flow, text(4)] })).toEqual({ leading: [text(0)], others: [flow, text(4)] });
  expect(placeWidgets({ items: [], widgets: [text(0), flow] })).toEqual({ leading: [text(0)], others: [flow] });
  expect(placeWidgets({ items: [], widgets: [text(0)] })).toEqual({ leading: [text(0)], others: [] });
  expect(placeWidgets(null)).toEqual({ leading: [], others: [] });
});

it('draws each kind in the declared order, and nothing where there is none', () => {
  const { unmount } = show(<PanelWidgets widgets={[flow, sources, text(4)]} frozen={false} hrefOf={(code) => `/${code}`} onOpen={nothing} />);
  const drawn = [...screen.getByTestId('widgets').querySelectorAll('[data-testid]')].map((one) => (one as HTMLElement).dataset['testid']);
  expect(drawn.filter((id) => ['flow', 'panel-sources', 'panel-text'].includes(id ?? ''))).toEqual(['flow', 'panel-sources', 'panel-text']);
  unmount();
  show(<><PanelWidgets widgets={[]} frozen hrefOf={(code) => code} onOpen={nothing} /><LeadingTexts widgets={[]} /></>);
  expect(screen.queryByTestId('widgets')).toBeNull();
  expect(screen.queryByTestId('leading-texts')).toBeNull();
});

it('knows the figures of its widgets, so that simulated ones are told', () => {
  expect(widgetFigures([text(0), flow, sources])).toEqual([figure]);
});
