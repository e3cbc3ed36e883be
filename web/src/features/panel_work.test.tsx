import { expect, it } from 'vitest';
import { somePanel, withFigure } from '../../testing/render';
import { World } from '../../testing/world.mjs';
import { firstBreakdown } from './panel_where';
import { workItems } from './panel_work';
import type { PanelAnswer } from '../api/types';

it('has lists for figures that count records of one measure, what should shrink first', () => {
  expect(workItems(somePanel().items.slice(0, 10)).map((item) => item.figure.indicator)).toEqual(['overdue_cases', 'open_cases', 'received_cases', 'finished_cases']);
});

it('has no list for a figure that is more than a count of its records', () => {
  const [overdue] = workItems(somePanel().items);
  expect(workItems([withFigure(overdue!, { value: '7' }), withFigure(overdue!, { value: null }), withFigure(overdue!, { decimals: 1 })])).toEqual([]);
});

it('shows first on the map what is judged', () => {
  const world = new World();
  const { children } = world.panel(world.findUnit('15')) as PanelAnswer;
  expect(firstBreakdown(children)).toBe(0);
  expect(firstBreakdown(children.map((child) => ({ ...child, figures: [child.figures[2]!, child.figures[1]!] })))).toBe(1);
  expect(firstBreakdown([])).toBe(0);
});
