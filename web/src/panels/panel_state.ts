/** What a panel may have to show in place of its content. */
export type PanelState<T> =
  | { kind: 'loading' }
  | { kind: 'failed'; problem: { code: string; message: string; instance: string | null; nearest: readonly string[] }; retry?: () => void }
  | { kind: 'ready'; data: T };
