import { QueryClient } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { MemoryRouter } from 'react-router';
import type { FigureWithPassport, PanelAnswer } from '../src/api/types';
import { Providers } from '../src/app/app';
import { World } from './world.mjs';

/** Draws with all providers; queries fail at once in place of being tried again. */
export function show(content: ReactNode, path = '/') {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(<Providers client={client}><MemoryRouter initialEntries={[path]}>{content}</MemoryRouter></Providers>);
}

/** A panel of the made-up center; `change` moves the world first. */
export function somePanel(change: Partial<{ silent: boolean; late: boolean }> = {}): PanelAnswer {
  const world = Object.assign(new World(), change);
  return world.panel(world.findUnit('15')) as PanelAnswer;
}

export function itemOf(panel: PanelAnswer, indicator: string) {
  const item = panel.items.find((other) => other.figure.indicator === indicator);
  if (!item) throw new Error(`no item ${indicator}`);
  return item;
}

export function withFigure<T extends { figure: FigureWithPassport }>(item: T, change: Partial<FigureWithPassport>): T {
  return { ...item, figure: { ...item.figure, ...change } };
}

export const someProblem = { code: 'unreachable', message: '', instance: 'r-17', nearest: [] };
