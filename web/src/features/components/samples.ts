import type { FigureWithPassport, Judgement, Passport, PanelChild, PanelItem, RecordList, TrustMark } from '../../api/types';
import type { PanelState } from '../../panels/panel_state';
import type { RankedUnit } from '../../panels/ranking';
import type { PlacedUnit } from '../../panels/tile_grid';

/** Everything that a component may have to show, in the order of the component page. */
export const componentStates = [
  'loading', 'live', 'late', 'silent', 'incomplete', 'simulated', 'not_judged', 'not_permitted', 'empty', 'failed', 'frozen',
] as const;
export type ComponentState = (typeof componentStates)[number];

/** Words of the samples in the reader's language. */
export interface SampleWords { language: string; figure: string; count: string; source: string; province: string; key: string; due: string; field: string; fields: string; basis: string }

/** The moment of all samples. */
export const sampleClock = '2026-11-23T07:05:09Z';
const snapshot = { sequence: 918_244, tick: sampleClock, center_revision: '3f9a1c0b77de4512' };

const values = [93.1, 94.6, 93.8, 95.2, 96.4, 95.9, 96.8, 96.1, 97, 96.2, 97.3, 96.5];
const judge = (value: number): Judgement => (value >= 95 ? 'good' : value >= 90 ? 'watch' : 'bad');

/** The state as the panels take it; `build` gives the data of those states that have some. */
export function panelStateOf<T>(state: ComponentState, build: (state: ComponentState) => T): PanelState<T> {
  const problem = { message: '', instance: 'mau-0001', nearest: [] };
  switch (state) {
    case 'loading': return { kind: 'loading' };
    case 'not_permitted': return { kind: 'failed', problem: { ...problem, code: 'not_granted' } };
    case 'failed': return { kind: 'failed', problem: { ...problem, code: 'unreachable' }, retry: () => undefined };
    default: return { kind: 'ready', data: build(state) };
  }
}

function marksOf(state: ComponentState): TrustMark[] {
  return state === 'late' || state === 'silent' || state === 'incomplete' || state === 'simulated' ? [state] : [];
}

function passportOf(state: ComponentState, words: SampleWords): Passport {
  const heard = state === 'silent' ? '2026-11-23T06:18:00Z' : '2026-11-23T07:05:06Z';
  return {
    formula: '100 * finished_on_time / finished', reported: null, comparisons: [], restatement: null, data_as_of: state === 'late' ? '2026-11-23T01:00:00Z' : '2026-11-23T07:01:00Z', received_at: heard, deliveries: 1284, records: 23_410,
    parts: [
      { name: 'finished_on_time', title: { [words.language]: words.count }, kind: 'measure', value: '11504', records: 11_504 },
      { name: 'finished', title: { [words.language]: words.figure }, kind: 'measure', value: '11906', records: 11_906 },
    ],
    sources: [{
      name: 'sample', title: { [words.language]: words.source }, simulated: state === 'simulated', last_sign_of_life: heard,
      state: state === 'silent' || state === 'late' ? state : 'live', since: null, answer: state === 'silent' ? 'none' : 'delivery', trouble: null, paused: null, age_seconds: state === 'silent' ? 2829 : 3,
      data_as_of: heard, received_at: heard, deliveries: 1284, old_codes: null,
      contract_standing: { incomplete: null, incomplete_deliveries: 0, control_total_missing: null, drifting: null, unusual_volume: null },
    }],
    contradicted_records: 0, freshness_promise_seconds: 3600, age_seconds: state === 'silent' ? 2829 : 3, snapshot,
  };
}

function judgementOf(state: ComponentState, value: string | null, judgement: Judgement): Pick<FigureWithPassport, 'judgement' | 'not_judged_reason'> {
  if (value === null) return { judgement: 'not_judged', not_judged_reason: 'no_value' };
  return state === 'not_judged' ? { judgement: 'not_judged', not_judged_reason: 'no_threshold' } : { judgement, not_judged_reason: null };
}

export function sampleFigure(state: ComponentState, words: SampleWords, text = '96.62', unit = { code: '15', name: words.province }): FigureWithPassport {
  const value = state === 'empty' ? null : text;
  return {
    indicator: 'sample', title: { [words.language]: words.figure }, tree: 'territory', unit: { code: unit.code, name: { [words.language]: unit.name } },
    period: { text: '2026-11', regime: 'calendar', kind: 'month', from: '2026-10-31T17:00:00Z', to: '2026-11-30T17:00:00Z', previous: '2026-10', next: '2026-12', due_at: null, due_coverage: null },
    value, no_value_reason: value === null ? 'no_records' : null, unit_of_measure: 'percent', decimals: 1, ...judgementOf(state, value, judge(Number(text))),
    trust_marks: marksOf(state), target: '98', pace: null, better: 'higher', passport: passportOf(state, words),
    thresholds: state === 'not_judged' ? null : { good: '95', watch: '90', basis: { [words.language]: words.basis } },
  };
}

export function sampleItem(state: ComponentState, words: SampleWords, shift = 0): PanelItem {
  const trend = values.map((value, index) => ({
    period: index === 0 ? '2025-12' : `2026-${String(index).padStart(2, '0')}`, value: state === 'empty' ? null : String(value + shift), judgement: state === 'not_judged' ? 'not_judged' as const : judge(value + shift),
    no_value_reason: state === 'empty' ? 'no_records' : null, restated: false, territory_changed: false,
  }));
  return { position: shift, kind: 'figure', figure: sampleFigure(state, words, String(96.5 + shift)), trend };
}

const places: readonly [string, number, number, number][] = [
  ['Y Tý', 22.65, 103.6, 97.2], ['A Mú Sung', 22.73, 103.66, 96.1], ['Bát Xát', 22.52, 103.85, 93.4], ['Lào Cai', 22.5, 104.01, 98.4], ['Mường Khương', 22.73, 104.1, 88.1],
  ['Si Ma Cai', 22.68, 104.29, 97.9], ['Bắc Hà', 22.53, 104.29, 95.3], ['Sa Pa', 22.35, 103.84, 96.6], ['Bảo Thắng', 22.37, 104.14, 91.7], ['Bảo Yên', 22.22, 104.49, 96.8],
  ['Võ Lao', 22.18, 104.18, 97.5], ['Văn Bàn', 22.11, 104.24, 95.1], ['Lục Yên', 22.12, 104.78, 99.1], ['Phong Dụ Thượng', 21.83, 104.43, 86.3], ['Mậu A', 21.9, 104.7, 94.2],
  ['Mù Cang Chải', 21.86, 104.12, 95.8], ['Yên Bình', 21.78, 104.95, 97.7], ['Yên Bái', 21.71, 104.9, 98.2], ['Nghĩa Lộ', 21.59, 104.48, 96.3], ['Trạm Tấu', 21.57, 104.4, 92.9],
  ['Thượng Bằng La', 21.41, 104.77, 97], ['Nghĩa Tâm', 21.41, 104.85, 95.6],
];
const codeOf = (index: number) => String(2600 + 7 * index).padStart(5, '0');

export const samplePlaces: PlacedUnit[] = places.map(([, latitude, longitude], index) => ({ code: codeOf(index), latitude, longitude }));

export function sampleUnits(state: ComponentState, words: SampleWords): RankedUnit[] {
  return places.map(([name, , , value], index) => ({ code: codeOf(index), name, figure: sampleFigure(state === 'empty' ? 'live' : state, words, String(value), { code: codeOf(index), name }) }));
}

export function sampleChildren(state: ComponentState, words: SampleWords): PanelChild[] {
  return sampleUnits(state, words).slice(0, 4).map(({ figure }) => ({ unit: figure.unit, figures: [figure] }));
}

export function sampleRecords(words: SampleWords): Pick<RecordList, 'columns' | 'items'> {
  const column = (name: string, title: string, type: 'text' | 'timestamp', key: boolean) => ({ name, title: { [words.language]: title }, type, scale: 0, key, dimension: !key && type === 'text', personal: false, masked: false, reckoned: false });
  const fields = words.fields.split(', ');
  return {
    columns: [column('case_number', words.key, 'text', true), column('field', words.field, 'text', false), column('due_at', words.due, 'timestamp', false)],
    items: [0, 1, 2].map((index) => {
      const number = `000.00.15.H38-26110${index + 2}-001${index}`;
      return {
        dataset: 'case', key: { case_number: number }, sequence: 700_000 + index, delivery: 1280, withdrawn: false,
        values: { case_number: number, field: fields[index % fields.length] ?? '', due_at: `2026-11-1${index + 3}T10:00:00Z` },
      };
    }),
  };
}
