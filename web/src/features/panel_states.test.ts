import { expect, it } from 'vitest';
import { somePanel } from '../../testing/render';
import { cardsOf } from './panel_states';

it('shows no breakdown item as a card where there are units below', () => {
  expect(cardsOf(somePanel()).map((item) => item.kind)).toEqual(Array(10).fill('figure'));
});

it('shows the breakdown items of a unit without units below, each figure once', () => {
  const panel = somePanel();
  const items = panel.items.filter((item) => item.figure.indicator !== 'received_cases' || item.kind === 'breakdown');
  expect(cardsOf({ ...panel, items, children: [] }).map((item) => item.figure.indicator).sort()).toEqual(
    [...new Set(items.map((item) => item.figure.indicator))].sort());
});
