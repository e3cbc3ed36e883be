import type { FigureKey, RecordsOfChange, TreeKind, Values } from './types';

type Parameter = string | number | boolean | null | undefined;

/** Path with the parameters that have a value. */
export function withQuery(path: string, parameters: Record<string, Parameter>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** What a panel is asked for, beside its name. */
export interface PanelParameters { unit: string | null; period: string | null; as_of: string | null; territory: string | null }

const base = '/api/v1';

export const apiPaths = {
  session: `${base}/session`,
  setUp: `${base}/set-up`,
  center: `${base}/center`,
  panel: (name: string, asked: PanelParameters) => withQuery(`${base}/panels/${encodeURIComponent(name)}`, { ...asked }),
  units: (tree: TreeKind, parent: string) => withQuery(`${base}/units`, { tree, parent, limit: 1000 }),
  figuresBelow: (key: FigureKey, asOf: string | null) => withQuery(`${base}/figures`, { ...key, as_of: asOf, children: true }),
  periods: (on: string | null) => withQuery(`${base}/periods`, { on }),
  live: (panel: string, unit: string | null) => withQuery(`${base}/live`, { panel, unit }),
  explain: (key: FigureKey, asOf: string | null) => withQuery(`${base}/explain`, { ...key, as_of: asOf }),
  change: (key: FigureKey, from: string, to: string | null) => withQuery(`${base}/explain/change`, { ...key, from, to }),
  alarms: (from: string | null) => withQuery(`${base}/alarms`, { from }),
  history: (key: FigureKey, asOf: string | null) => withQuery(`${base}/figures/history`, { ...key, as_of: asOf }),
  /** `change`: instead of those that count, those that moved the measure. */
  records: (measure: string, key: Omit<FigureKey, 'indicator'>, asOf: string | null, cursor: string | null, change: RecordsOfChange | null, format?: 'csv') =>
    withQuery(change ? `${base}/explain/change/records` : `${base}/explain/records`, {
      measure, ...key, ...(change ?? { as_of: asOf }), cursor, limit: format ? 1000 : 50, format,
    }),
  versions: (dataset: string, key: Values, asOf: string | null) =>
    withQuery(`${base}/records/${encodeURIComponent(dataset)}/versions`, {
      ...Object.fromEntries(Object.entries(key).map(([column, value]) => [`key.${column}`, value])),
      as_of: asOf,
    }),
  version: (sequence: string) => `${base}/versions/${encodeURIComponent(sequence)}`,
  raw: (sequence: string) => `${base}/versions/${encodeURIComponent(sequence)}/raw?context=3`,
  sources: `${base}/sources`,
  source: (name: string) => `${base}/sources/${encodeURIComponent(name)}`,
  sourcePause: (name: string) => `${base}/sources/${encodeURIComponent(name)}/pause`,
  sourceEvents: (from: string | null) => withQuery(`${base}/source-events`, { from }),
  quality: (dataset: string) => `${base}/quality/${encodeURIComponent(dataset)}`,
  deliveries: (source: string | null, cursor: string | null) => withQuery(`${base}/deliveries`, { source, cursor, limit: 50 }),
  delivery: (sequence: string) => `${base}/deliveries/${encodeURIComponent(sequence)}`,
  payload: (sequence: number) => `${base}/deliveries/${sequence}/payload`,
  replay: (sequence: number) => `${base}/deliveries/${sequence}/replay`,
  rawRow: (delivery: number, row: number) => withQuery(`${base}/deliveries/${delivery}/raw`, { row, context: 3 }),
  quarantine: (filter: QuarantineFilter, cursor: string | null, format?: 'csv') =>
    withQuery(`${base}/quarantine`, { ...filter, cursor, limit: format ? undefined : 100, format }),
  quarantineSummary: (filter: QuarantineFilter) => withQuery(`${base}/quarantine/summary`, { ...filter }),
  decisions: (filter: QuarantineFilter) => withQuery(`${base}/quarantine/decisions`, { ...filter }),
  mappings: (source: string) => `${base}/sources/${encodeURIComponent(source)}/mappings`,
  tryMapping: (source: string, delivery: string | null) => withQuery(`${base}/sources/${encodeURIComponent(source)}/mappings/try`, { delivery }),
  replays: `${base}/replays`,
  startReplay: (range: ReplayRange) => withQuery(`${base}/replays`, { ...range }),
  secrets: `${base}/secrets`,
  secret: (name: string) => `${base}/secrets/${encodeURIComponent(name)}`,
};

export interface QuarantineFilter {
  delivery: string | null;
  source: string | null;
  dataset: string | null;
  reason: string | null;
  /** `-`: rows at fault as a whole. */
  column: string | null;
  row: string | null;
  open: boolean;
}

/** Deliveries by source and by the time in which they were received. */
export interface ReplayRange {
  source: string | null;
  from: string | null;
  to: string | null;
}
