import type { UseQueryResult } from '@tanstack/react-query';
import type { Problem } from '../api/client';
import type { PanelAnswer, PanelItem } from '../api/types';
import type { PanelState } from '../panels/panel_state';

/** What a panel shows for a query: its data even if a later refresh failed, else why there are none. */
export function stateOf<T>(query: Pick<UseQueryResult<T, Problem>, 'data' | 'error' | 'refetch'>): PanelState<T> {
  if (query.data !== undefined) return { kind: 'ready', data: query.data };
  if (query.error) return { kind: 'failed', problem: query.error, retry: () => void query.refetch() };
  return { kind: 'loading' };
}

/** The same state with its data turned into something else. */
export function mapState<T, U>(state: PanelState<T>, change: (data: T) => U): PanelState<U> {
  return state.kind === 'ready' ? { kind: 'ready', data: change(state.data) } : state;
}

/**
 * What is shown as cards. Breakdown items feed the table and map of the units below; where there are none,
 * they are cards themselves unless the same figure is one already.
 */
export function cardsOf(answer: PanelAnswer): PanelItem[] {
  const cards = answer.items.filter((item) => item.kind !== 'breakdown');
  if (answer.children.length > 0) return cards;
  const isShown = (item: PanelItem) =>
    cards.some(({ figure }) => figure.indicator === item.figure.indicator && figure.period.text === item.figure.period.text);
  return [...cards, ...answer.items.filter((item) => item.kind === 'breakdown' && !isShown(item))];
}
