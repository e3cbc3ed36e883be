import { expect, it } from 'vitest';
import { itemOf, somePanel, withFigure } from '../../testing/render';
import { applyChange } from './apply_change';

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
