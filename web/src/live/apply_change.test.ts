import { expect, it } from 'vitest';
import { itemOf, somePanel, withFigure } from '../../testing/render';
import type { FlowWidget, PanelAnswer, SourcesWidget, TextWidget } from '../api/types';
import { applyChange } from './apply_change';

function withWidgets(panel: PanelAnswer): PanelAnswer & { widgets: [TextWidget, FlowWidget, SourcesWidget] } {
  const { figure } = panel.items[0]!;
  return {
    ...panel,
    widgets: [
      { position: 20, kind: 'text', text: { vi: 'Lời dẫn' } },
      { position: 21, kind: 'flow', figure, by: { column: 'channel', title: {}, type: 'text' }, rows: [], more: 0 },
      { position: 22, kind: 'sources', sources: figure.passport.sources },
    ],
  };
}

const newer = (panel: ReturnType<typeof somePanel>) => ({ ...panel.snapshot, sequence: panel.snapshot.sequence + 1 });

it('replaces the items and children that changed and keeps the identity of the others', () => {
  const panel = somePanel();
  const item = withFigure(itemOf(panel, 'received_cases'), { value: '99' });
  const child = { ...panel.children[3]!, figures: [] };
  const after = applyChange(panel, { snapshot: newer(panel), items: [item], children: [child], sources: [] });
  expect(itemOf(after, 'received_cases').figure.value).toBe('99');
  expect(itemOf(after, 'open_cases')).toBe(itemOf(panel, 'open_cases'));
  expect(after.children[3]).toBe(child);
  expect(after.children[2]).toBe(panel.children[2]);
});

it('puts a changed source into every passport', () => {
  const panel = somePanel();
  const source = { ...panel.items[0]!.figure.passport.sources[0]!, state: 'silent' as const };
  const after = applyChange(panel, { snapshot: newer(panel), items: [], children: [], sources: [source] });
  expect(after.items.every((item) => item.figure.passport.sources[0]?.state === 'silent')).toBe(true);
});

it('computes when a figure was last fed from what is told of its sources', () => {
  const panel = somePanel();
  const source = { ...panel.items[0]!.figure.passport.sources[0]!, data_as_of: '2030-01-01T00:00:00Z', received_at: '2030-01-01T00:00:09Z', deliveries: 77 };
  const after = applyChange(panel, { snapshot: newer(panel), items: [], children: [], sources: [source] });
  expect(after.items[0]!.figure.passport).toMatchObject({ data_as_of: '2030-01-01T00:00:00Z', received_at: '2030-01-01T00:00:09Z', deliveries: 77 });
});

it('never goes back to an older state', () => {
  const panel = somePanel();
  const older = { ...panel.snapshot, sequence: panel.snapshot.sequence - 1 };
  expect(applyChange(panel, { snapshot: older, items: [withFigure(panel.items[0]!, { value: '0' })], children: [], sources: [] })).toBe(panel);
});

it('replaces the widget that changed by its position and keeps the identity of the others', () => {
  const panel = withWidgets(somePanel());
  const flow = { ...panel.widgets[1], more: 3 };
  const after = applyChange(panel, { snapshot: newer(panel), items: [], children: [], sources: [], widgets: [flow] });
  expect(after.widgets).toEqual([panel.widgets[0], flow, panel.widgets[2]]);
  expect(after.widgets?.[0]).toBe(panel.widgets[0]);
  expect(after.widgets?.[2]).toBe(panel.widgets[2]);
});

it('puts a changed source into every widget, and no widgets where there are none', () => {
  const panel = withWidgets(somePanel());
  const source = { ...panel.widgets[2].sources[0]!, state: 'silent' as const };
  const change = { snapshot: newer(panel), items: [], children: [], sources: [source] };
  const [text, flow, sources] = applyChange(panel, change).widgets ?? [];
  expect(text).toBe(panel.widgets[0]);
  expect(flow?.kind === 'flow' && flow.figure.passport.sources[0]?.state).toBe('silent');
  expect(sources?.kind === 'sources' && sources.sources[0]?.state).toBe('silent');
  expect(applyChange(somePanel(), change)).not.toHaveProperty('widgets');
});
