import type { UseQueryResult } from '@tanstack/react-query';
import type { Problem } from '../api/client';
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
