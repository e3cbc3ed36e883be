import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { show } from '../../../testing/render';
import ComponentsPage from './components_page';
import { componentStates } from './samples';

it('shows each component in every state, says that its figures are samples, and asks the server for nothing', async () => {
  const request = vi.fn();
  vi.stubGlobal('fetch', request);
  show(<ComponentsPage />, '/components');
  expect(screen.getByTestId('sample-note')).toHaveTextContent('số liệu mẫu cố định');
  for (const id of ['figure_card', 'trend', 'breakdown', 'tile_map', 'table', 'summary', 'changes', 'work']) {
    const section = document.getElementById(id);
    expect(section).not.toBeNull();
    expect(within(section!).getAllByTestId('specimen').map((specimen) => specimen.dataset['state'])).toEqual(componentStates);
  }
  await userEvent.click(within(screen.getByText('Ngăn bên').closest('section')!).getByText('Mất tín hiệu'));
  expect(await screen.findByText('Ngưỡng đánh giá')).toBeInTheDocument();
  expect(request).not.toHaveBeenCalled();
});
