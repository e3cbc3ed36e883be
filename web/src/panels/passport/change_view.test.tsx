import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '../../../testing/render';
import { World } from '../../../testing/world.mjs';
import type { FigureChange } from '../../api/types';
import { ChangeView } from './change_view';

const world = new World();
const change = world.figureChange('overdue_share', world.findUnit('15'), '2026-11', '2026-11-22T00:00:00Z', null) as FigureChange;

it('tells what a figure was, what it is, and each step between with its parts', () => {
  show(<ChangeView state={{ kind: 'ready', data: change }} linkTo={(part, step) => <a href="/records">{`${part.name} ${step.causes[0] ?? ''}`}</a>} />);
  const steps = screen.getAllByTestId('why-step');
  expect(steps).toHaveLength(3);
  expect(within(steps[0]!).getByRole('rowheader')).toHaveTextContent('mới phát sinh');
  expect(steps[2]).toHaveTextContent('\u22121');
  expect(within(steps[1]!).getByRole('link')).toHaveTextContent(/late/);
  expect(steps[1]).toHaveTextContent('120 → 121');
});

it('says that nothing changed', () => {
  show(<ChangeView state={{ kind: 'ready', data: { ...change, steps: [] } }} linkTo={() => null} />);
  expect(screen.getByText('Không có thay đổi.')).toBeInTheDocument();
});

it('names a rule that changed, and that the moments have rules of their own', () => {
  const [step] = change.steps;
  const redefined = { ...step!, causes: ['redefined' as const], aspects: ['formula' as const], to: step!.from };
  show(<ChangeView state={{ kind: 'ready', data: { ...change, to_revision: 'ef56ef56ef56ef56', steps: [redefined] } }} linkTo={() => null} />);
  expect(screen.getByTestId('why-step')).toHaveTextContent('đổi cách tính');
  expect(screen.getByTestId('why-step')).toHaveTextContent('công thức');
  expect(screen.getByText(/đã đổi cấu hình/)).toBeInTheDocument();
});
