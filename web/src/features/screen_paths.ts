import { withQuery } from '../api/paths';
import type { FigureKey, RecordsOfChange, TreeKind, Values } from '../api/types';

/** Addresses of the screens. Everything that decides what is shown stands in them. */
export const screenPaths = {
  signIn: (next: string | null) => withQuery('/sign-in', { next }),
  panel: (name: string, parameters: { unit?: string | null; period?: string | null; as_of?: string | null; territory?: string | null | undefined } = {}) =>
    withQuery(`/panels/${encodeURIComponent(name)}`, parameters),
  records: (measure: string, key: FigureKey, asOf: string | null, panel: string | null, change: RecordsOfChange | null = null) =>
    withQuery('/records', { measure, ...key, as_of: asOf, panel, ...change }),
  alarms: (since: string | null = null) => withQuery('/alarms', { since }),
  versions: (dataset: string, key: Values, asOf: string | null) =>
    withQuery(`/records/${encodeURIComponent(dataset)}/versions`, {
      ...Object.fromEntries(Object.entries(key).map(([column, value]) => [`key.${column}`, value])),
      as_of: asOf,
    }),
  version: (sequence: number) => `/versions/${sequence}`,
  sources: '/sources',
  source: (name: string) => `/sources/${encodeURIComponent(name)}`,
  deliveries: (source: string | null = null) => withQuery('/deliveries', { source }),
  delivery: (sequence: number) => `/deliveries/${sequence}`,
  quarantine: (delivery: number | null = null) => withQuery('/quarantine', { delivery }),
  mapping: (source: string, dataset: string | null = null, delivery: number | null = null) => withQuery('/mapping', { source, dataset, delivery }),
  secrets: '/secrets',
};

/** A figure's name as one parameter of an address. */
export function encodeFigureKey(key: FigureKey): string {
  return [key.indicator, key.tree, key.period, key.unit].join('~');
}

/** Null for a text that names no figure. */
export function parseFigureKey(text: string | null): FigureKey | null {
  const [indicator, tree, period, ...unit] = (text ?? '').split('~');
  if (!indicator || !period || unit.length === 0 || (tree !== 'territory' && tree !== 'organisation')) return null;
  return { indicator, tree: tree satisfies TreeKind, period, unit: unit.join('~') };
}

/** The values of `key.<column>` parameters. */
export function parseRecordKey(parameters: URLSearchParams): Values {
  return Object.fromEntries([...parameters].filter(([name]) => name.startsWith('key.')).map(([name, value]) => [name.slice(4), value]));
}
