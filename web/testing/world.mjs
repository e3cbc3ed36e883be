// A small made-up center for tests: plausible answers in the form of schemas/openapi.yaml. Everything
// follows from a seed, so that two runs show the same screens.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const centerFolder = join(import.meta.dirname, '../../centers/laocai');
const both = (vi, en) => ({ vi, en });

/** The real units of the sample center, so that maps and long names are those of the screens in use. */
function readUnits(tree) {
  const [head, ...lines] = readFileSync(join(centerFolder, tree, 'units.csv'), 'utf8').trim().split('\n').map((line) => line.match(/("([^"]|"")*"|[^,]*)(,|$)/g).map((cell) => cell.replace(/,$/, '').replace(/^"|"$/g, '')));
  return lines.map((cells) => Object.fromEntries(head.map((column, index) => [column, cells[index]])));
}

function random(seed) {
  let state = 0;
  for (const letter of seed) state = (state * 31 + letter.codePointAt(0)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const basis = both('Ngưỡng minh họa, không phải quy định', 'Sample threshold, not a regulation');
const judged = (good, watch) => ({ good, watch, basis });
/** A commune that was merged of two, within the last twelve months. */
const mergedUnit = '02671';
const mergerMonth = '2026-07';

const indicators = [
  { name: 'on_time_rate', title: both('Tỷ lệ giải quyết đúng hạn', 'On-time rate'), uom: 'percent', decimals: 1, better: 'higher', formula: '100 * finished_on_time / finished', parts: ['finished_on_time', 'finished'], period: 'month', scale: 95.8, swing: 2.4, thresholds: judged('95', '90'), target: '98' },
  { name: 'overdue_cases', title: both('Hồ sơ quá hạn', 'Overdue cases'), uom: 'case', decimals: 0, better: 'lower', formula: 'overdue', parts: ['overdue'], period: 'day', scale: 338, swing: 0.2, slow: true, thresholds: judged('100', '300'), childThresholds: judged('2', '6') },
  { name: 'open_cases', title: both('Hồ sơ đang giải quyết', 'Open cases'), uom: 'case', decimals: 0, better: 'neither', formula: 'open', parts: ['open'], period: 'day', scale: 3218, swing: 0.12, slow: true },
  { name: 'received_cases', title: both('Hồ sơ tiếp nhận', 'Cases received'), uom: 'case', decimals: 0, better: 'neither', formula: 'received', parts: ['received'], period: 'day', scale: 742, swing: 0.16, weekly: true },
  { name: 'finished_cases', title: both('Hồ sơ đã giải quyết', 'Cases finished'), uom: 'case', decimals: 0, better: 'neither', formula: 'finished', parts: ['finished'], period: 'day', scale: 718, swing: 0.2, weekly: true },
  { name: 'online_share', title: both('Tỷ lệ hồ sơ nộp trực tuyến', 'Online share'), uom: 'percent', decimals: 1, better: 'higher', formula: '100 * received_online / received', parts: ['received_online', 'received'], period: 'month', scale: 68, swing: 6, rising: 1.1, thresholds: judged('60', '40') },
  { name: 'online_payment_rate', title: both('Tỷ lệ thanh toán trực tuyến', 'Online payment rate'), uom: 'percent', decimals: 1, better: 'higher', formula: '100 * paid_online_cases / with_fee', parts: ['paid_online_cases', 'with_fee'], period: 'month', scale: 47.4, swing: 5, rising: 0.9, thresholds: judged('50', '30') },
  { name: 'digitisation_rate', title: both('Tỷ lệ số hóa hồ sơ', 'Digitisation rate'), uom: 'percent', decimals: 1, better: 'higher', formula: '100 * received_digitised / received', parts: ['received_digitised', 'received'], period: 'month', scale: 87, swing: 4, rising: 0.7, thresholds: judged('80', '60') },
  { name: 'mean_processing_time', title: both('Thời gian giải quyết bình quân', 'Mean processing time'), uom: 'hour', decimals: 1, better: 'lower', formula: 'processing_time', parts: ['processing_time'], period: 'month', scale: 107.4, swing: 0.14 },
  { name: 'satisfaction_score', title: both('Mức độ hài lòng', 'Satisfaction'), uom: 'point', decimals: 2, better: 'higher', formula: 'satisfaction_mean', parts: ['satisfaction_mean'], period: 'month', scale: 4.43, swing: 0.03, thresholds: judged('4.5', '4') },
  { name: 'overdue_share', title: both('Tỷ lệ hồ sơ quá hạn', 'Overdue share'), uom: 'percent', decimals: 1, better: 'lower', formula: '100 * overdue / open', parts: ['overdue', 'open', 'overdue_cases'], period: 'month', scale: 10.5, swing: 2, thresholds: judged('2', '5') },
];
const cards = indicators.slice(0, 10).map((indicator) => indicator.name);
const breakdown = ['on_time_rate', 'overdue_cases', 'received_cases'];
const titles = {
  received: both('Hồ sơ tiếp nhận', 'Cases received'), finished: both('Hồ sơ đã giải quyết', 'Cases finished'), finished_on_time: both('Giải quyết đúng hạn', 'Finished on time'),
  overdue: both('Hồ sơ quá hạn chưa giải quyết', 'Overdue cases'), open: both('Hồ sơ đang giải quyết', 'Open cases'), received_online: both('Hồ sơ nộp trực tuyến', 'Cases filed online'),
  paid_online_cases: both('Hồ sơ thanh toán trực tuyến', 'Cases paid online'), with_fee: both('Hồ sơ đã nộp phí, lệ phí', 'Cases with a fee paid'), received_digitised: both('Hồ sơ được số hóa', 'Cases digitised'),
  processing_time: both('Thời gian giải quyết bình quân', 'Mean processing time'), satisfaction_mean: both('Điểm hài lòng bình quân', 'Mean satisfaction'),
};
const regimes = [
  { name: 'calendar', title: both('Theo lịch', 'Calendar'), basis: {}, kinds: ['day', 'month'].map((name) => ({ name, title: both(name, name) })) },
  { name: 'reporting', title: both('Kỳ báo cáo của cơ quan hành chính', 'Reporting periods'), basis: both('Nghị định 09/2019/NĐ-CP', 'Decree 09/2019'), kinds: [{ name: 'month', title: both('tháng', 'month') }, { name: 'year', title: both('năm', 'year') }] },
];
const revision = '3f9a1c0b77de4512';
const minute = 60_000;
const iso = (milliseconds) => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');

const columns = [
  { name: 'case_number', title: both('Mã hồ sơ', 'Case number'), type: 'text', scale: 0, key: true, dimension: false, personal: false, masked: false, reckoned: false },
  { name: 'status', title: both('Trạng thái', 'Status'), type: 'text', scale: 0, key: false, dimension: true, personal: false, masked: false, reckoned: false },
  { name: 'channel', title: both('Kênh tiếp nhận', 'Channel'), type: 'text', scale: 0, key: false, dimension: true, personal: false, masked: false, reckoned: false },
  { name: 'field', title: both('Lĩnh vực', 'Field'), type: 'text', scale: 0, key: false, dimension: true, personal: false, masked: false, reckoned: false },
  { name: 'received_at', title: both('Tiếp nhận lúc', 'Received at'), type: 'timestamp', scale: 0, key: false, dimension: false, personal: false, masked: false, reckoned: false },
  { name: 'due_at', title: both('Hạn trả kết quả', 'Due at'), type: 'timestamp', scale: 0, key: false, dimension: false, personal: false, masked: false, reckoned: false },
  { name: 'finished_at', title: both('Trả kết quả lúc', 'Finished at'), type: 'timestamp', scale: 0, key: false, dimension: false, personal: false, masked: false, reckoned: false },
  { name: 'applicant', title: both('Người nộp', 'Applicant'), type: 'text', scale: 0, key: false, dimension: false, personal: true, masked: true, reckoned: false },
  { name: 'fee', title: both('Phí (đồng)', 'Fee (VND)'), type: 'decimal', scale: 2, key: false, dimension: false, personal: false, masked: false, reckoned: false },
];
const statuses = ['moi_dang_ky', 'da_tiep_nhan', 'dang_xu_ly', 'da_xu_ly', 'da_tra_ket_qua'];
const fields = ['Đất đai', 'Hộ tịch', 'Kinh doanh', 'Xây dựng'];

/** The world at its own clock; tests and the mock server move `sequence`, `silent`, `late` and `clock`. */
export class World {
  constructor(now = Date.parse('2026-11-23T07:05:09Z')) {
    this.now = now;
    this.sequence = 918_244;
    this.silent = false;
    this.late = false;
    this.extra = 0;
    this.decisions = new Map();
    this.secrets = new Map([['survey_token', false], ['survey_password', true]]);
    this.units = ['territory', 'organisation'].flatMap((tree) => {
      // The world shows one day: units that have ended, and earlier states of those that go on, are not in it.
      const rows = readUnits(tree).filter((row) => !row.valid_to);
      return rows.map((row) => this.unit(tree, row, rows.filter((other) => other.parent === row.code).length));
    });
  }

  unit(tree, row, children) {
    const number = (text) => (text ? Number(text) : null);
    return {
      tree, code: row.code, level: row.level, name: both(row.name, row.name_en), full_name: both(row.full_name, row.full_name_en), parent: row.parent || null,
      valid_from: row.valid_from, valid_to: null,
      latitude: number(row.latitude), longitude: number(row.longitude), area_km2: row.area_km2 || null, children,
    };
  }

  /** The unit with the code, or the root of the tree. */
  findUnit(code, tree = 'territory') {
    return this.units.find((unit) => unit.tree === tree && (code ? unit.code === code : unit.parent === null)) ?? null;
  }

  childrenOf(unit) {
    return this.units.filter((other) => other.tree === unit.tree && other.parent === unit.code);
  }

  unitList(tree, parent) {
    const items = this.units.filter((unit) => unit.tree === tree && (parent === null || unit.parent === parent)).map((unit) => Object.fromEntries(Object.entries(unit).filter(([member]) => member !== 'tree')));
    return { items, next: null };
  }

  pathTo(unit) {
    const own = { code: unit.code, name: unit.name };
    return unit.parent === null ? [own] : [...this.pathTo(this.findUnit(unit.parent, unit.tree)), own];
  }

  snapshot(at = this.now) {
    return { sequence: this.sequence, tick: iso(at), center_revision: revision };
  }

  session(signedIn, setUpNeeded = false) {
    const account = signedIn ? { kind: 'account', name: 'hoa', display_name: 'Nguyễn Thị Hòa', role: 'administrator', csrf_token: 'token-of-the-session' }
      : { kind: 'anonymous', name: null, display_name: null, role: null, csrf_token: null };
    return { ...account, set_up_needed: setUpNeeded, center: { name: 'laocai', title: both('Trung tâm điều hành thông minh tỉnh Lào Cai (bản minh họa)', 'Lao Cai Intelligent Operations Center (sample)'), languages: ['vi', 'en'], time_zone: 'Asia/Ho_Chi_Minh', revision } };
  }

  panelTitle() {
    return { name: 'public_services', title: both('Dịch vụ công', 'Public services'), system: 'public_services', tree: 'territory', regime: 'calendar' };
  }

  center() {
    const { center } = this.session(true);
    return { ...center, systems: [{ name: 'public_services', title: both('Dịch vụ công', 'Public services') }], panels: [this.panelTitle(), { ...this.panelTitle(), name: 'public_services_agencies', title: both('Dịch vụ công theo cơ quan', 'Public services by agency'), tree: 'organisation' }], regimes: regimes.map(({ name, title, basis, kinds }) => ({ name, title, basis, kinds: kinds.map((kind) => ({ ...kind, cumulative: false, due: null })) })), public: { indicators: ['on_time_rate'] } };
  }

  /** The whole period; those of the regime `reporting` run from the 15th to the 14th. */
  period(text, whole = true) {
    if (text.startsWith('reporting:')) return this.reportingPeriod(text, whole);
    const [year, month, day] = text.split('-').map(Number);
    const kind = day ? 'day' : month ? 'month' : /Q/.test(text) ? 'quarter' : /W/.test(text) ? 'week' : 'year';
    const from = Date.UTC(year, (month || 1) - 1, day || 1);
    const to = kind === 'day' ? from + 1440 * minute : kind === 'month' ? Date.UTC(year, month, 1) : Date.UTC(year + 1, 0, 1);
    const known = { text, regime: 'calendar', kind, from: iso(from - 420 * minute), to: iso(to - 420 * minute) };
    const [before, after] = kind === 'day' || kind === 'month' ? [-1, 1].map((steps) => this.shiftPeriod(text, steps)) : [text, text];
    return whole ? { ...known, label: both(text, text), regime_title: regimes[0].title, kind_title: both(kind, kind), previous: before, next: after, due_at: null, due_coverage: null } : known;
  }

  reportingPeriod(text, whole) {
    const [year, month] = text.slice('reporting:'.length).split('-').map(Number);
    const kind = regimes[1].kinds[month ? 0 : 1];
    const from = Date.UTC(year, month ? month - 2 : -1, 15);
    const to = Date.UTC(year, month ? month - 1 : 11, 15);
    const label = month ? both(`Tháng ${month}/${year} (15–14)`, `Month ${month} of ${year} (15–14)`) : both(`Năm ${year} (15/12–14/12)`, `Year ${year} (15 Dec–14 Dec)`);
    const known = { text, regime: 'reporting', kind: kind.name, from: iso(from - 420 * minute), to: iso(to - 420 * minute), label };
    const moved = (steps) => (month ? `reporting:${this.shiftPeriod(text.slice('reporting:'.length), steps)}` : `reporting:${year + steps}`);
    return whole ? { ...known, regime_title: regimes[1].title, kind_title: kind.title, previous: moved(-1), next: moved(1), due_at: iso(to + 3480 * minute), due_coverage: 'decided' } : known;
  }

  shiftPeriod(text, steps) {
    const [year, month, day] = text.split('-').map(Number);
    return new Date(day ? Date.UTC(year, month - 1, day + steps) : Date.UTC(year, month - 1 + steps, 1)).toISOString().slice(0, day ? 10 : 7);
  }

  /** The periods that a day lies in. */
  periods(day) {
    const month = this.shiftPeriod(day.slice(0, 7), Number(day.slice(8, 10)) > 14 ? 1 : 0);
    return { items: [day, day.slice(0, 7), `reporting:${month}`, `reporting:${month.slice(0, 4)}`].map((text) => this.period(text)), next: null };
  }

  /** Texts of the `count` periods up to this one. */
  periodsUpTo(text, count) {
    const colon = text.indexOf(':') + 1;
    if (colon > 0) return this.periodsUpTo(text.slice(colon), count).map((one) => text.slice(0, colon) + one);
    const [year, month, day] = text.split('-').map(Number);
    if (!month) return [text];
    return Array.from({ length: count }, (_, index) => {
      const back = count - 1 - index;
      return new Date(day ? Date.UTC(year, month - 1, day - back) : Date.UTC(year, month - 1 - back, 1)).toISOString().slice(0, day ? 10 : 7);
    });
  }

  valueOf(indicator, unit, period) {
    const draw = random(`${indicator.name}${unit.code}${period}`);
    const steady = random(`${indicator.name}${unit.code}`);
    const small = unit.parent !== null;
    const noise = draw() * 2 - 1;
    if (indicator.uom === 'percent') {
      if (small && steady() < 0.03) return null;
      const rare = steady();
      const place = small ? (rare < 0.07 ? -12 : rare < 0.25 ? -4.5 : 1.5) + steady() * 2 - 1 : 0;
      const [year, month] = period.slice(period.indexOf(':') + 1).split('-');
      const back = (2026 - Number(year)) * 12 + 11 - Number(month || 11);
      return Math.min(100, Math.max(0, indicator.scale + place + noise * indicator.swing * 0.5 - (indicator.rising ?? 0) * back)).toFixed(6);
    }
    if (indicator.uom !== 'case') return (indicator.scale * (1 + noise * indicator.swing) * (small ? 0.9 + steady() * 0.2 : 1)).toFixed(4);
    return String(Math.round(indicator.scale * this.shareOf(unit, steady) * this.rhythm(indicator, period, noise))
      + (indicator.name === 'received_cases' && !small ? this.extra : 0));
  }

  /** A large place has more cases than a small one, and a few places have trouble. */
  shareOf(unit, steady) {
    if (unit.parent === null) return 1;
    const rare = steady();
    return (0.004 + steady() * 0.008) * (rare < 0.08 ? 3.2 : 1);
  }

  rhythm(indicator, period, noise) {
    const day = new Date(`${period}T00:00:00Z`);
    if (period.length !== 10) return 22 * (1 + noise * 0.05);
    if (indicator.slow) return 1 + indicator.swing * (0.6 * Math.sin(day.getTime() / 86_400_000 / 4.3 + indicator.scale) + 0.25 * noise);
    const weekend = day.getUTCDay() % 6 === 0;
    const running = period === iso(this.now + 420 * minute).slice(0, 10);
    return (weekend ? 0.16 : 1) * (1 + noise * indicator.swing) * (running ? 0.62 : 1);
  }

  judge(indicator, value, thresholds) {
    if (value === null) return ['not_judged', 'no_value'];
    if (!thresholds) return ['not_judged', 'no_threshold'];
    const [good, watch] = [Number(thresholds.good), Number(thresholds.watch)];
    const beyond = (limit) => (indicator.better === 'higher' ? Number(value) >= limit : Number(value) <= limit);
    return [beyond(good) ? 'good' : beyond(watch) ? 'watch' : 'bad', null];
  }

  sourceState() {
    const heard = this.silent ? this.now - 47 * minute : this.now - 3_000;
    return { state: this.silent ? 'silent' : this.late ? 'late' : 'live', last_sign_of_life: iso(heard), age_seconds: Math.round((this.now - heard) / 1000) };
  }

  delivered() {
    return { data_as_of: iso(this.now - (this.late ? 300 : 4) * minute), received_at: iso(this.now - 3_000), deliveries: 1284 };
  }

  passportSource() {
    return { name: 'case_system', title: both('Hệ thống một cửa điện tử', 'Electronic one-stop shop'), simulated: true, ...this.sourceState(), since: null, answer: this.silent ? 'none' : 'delivery', trouble: null, paused: null, ...this.delivered(), old_codes: null, contract_standing: { incomplete: null, incomplete_deliveries: 0, control_total_missing: null, drifting: null, unusual_volume: null } };
  }

  /** What a figure of a merged unit was made of on a territory; the others are themselves. */
  restatement(unit, territory) {
    if (territory === null) return null;
    const whole = (code, name) => ({ unit: { code, name: both(name, name) }, share: '1', value: null, weight: null });
    const units = unit.code === mergedUnit ? [whole('02665@2026', 'Nam Cường'), whole('02668@2026', 'Bình Minh')] : [{ ...whole(unit.code, ''), unit: { code: unit.code, name: unit.name } }];
    return { territory, rule: 'recompute', weight: null, share: null, units, missing: [] };
  }

  passport(indicator, unit, period, territory = null) {
    const draw = random(`passport${indicator.name}${unit.code}${period}`);
    const parts = indicator.parts.map((name) => {
      const nested = indicators.find((other) => other.name === name);
      const records = nested ? 0 : indicator.uom === 'case' ? Number(this.valueOf(indicator, unit, period)) : Math.round((unit.parent === null ? 12000 : 300) * (0.5 + draw()));
      return { name, title: titles[name] ?? nested.title, kind: nested ? 'indicator' : 'measure', value: nested ? this.valueOf(nested, unit, period) : String(records), records };
    });
    return {
      formula: indicator.formula, reported: null, comparisons: [], parts, restatement: this.restatement(unit, territory), ...this.delivered(), sources: [this.passportSource()], records: parts.reduce((sum, part) => sum + part.records, 0), contradicted_records: 0, freshness_promise_seconds: 3600,
      age_seconds: this.sourceState().age_seconds, snapshot: this.snapshot(),
    };
  }

  figure(name, unit, period, withPassport = true, territory = null) {
    const indicator = indicators.find((other) => other.name === name);
    if (!indicator) return null;
    const value = this.valueOf(indicator, unit, period);
    const thresholds = (unit.parent === null ? indicator.thresholds : indicator.childThresholds ?? indicator.thresholds) ?? null;
    const [judgement, reason] = this.judge(indicator, value, thresholds);
    const marks = [...(this.late ? ['late'] : []), ...(this.silent ? ['silent'] : []), ...(territory !== null && unit.code === mergedUnit ? ['restated'] : []), 'simulated'];
    return {
      indicator: name, title: indicator.title, tree: unit.tree, unit: { code: unit.code, name: unit.name }, period: this.period(period, withPassport),
      value, no_value_reason: value === null ? 'division_by_zero' : null, unit_of_measure: indicator.uom, decimals: indicator.decimals,
      judgement, not_judged_reason: reason, trust_marks: marks, target: indicator.target ?? null, pace: indicator.pace ?? null, thresholds, better: indicator.better,
      ...(withPassport ? { passport: this.passport(indicator, unit, period, territory) } : {}),
    };
  }

  trend(name, unit, period, territory = null) {
    return this.periodsUpTo(period, period.length === 10 ? 30 : 12).map((text) => {
      const { value, judgement } = this.figure(name, unit, text, false);
      const { label, regime } = this.period(text);
      const merged = unit.code === mergedUnit && text.slice(0, 7) < mergerMonth;
      const apart = territory !== null && merged && name === 'satisfaction_score';
      return {
        period: text, value: apart ? null : value, no_value_reason: apart ? 'not_comparable' : null, judgement: apart ? 'not_judged' : judgement, restated: territory !== null && merged,
        territory_changed: territory === null && unit.code === mergedUnit && text === mergerMonth, ...(regime === 'calendar' ? {} : { label }),
      };
    });
  }

  /** The period of the indicator's declared kind that is running. */
  currentPeriod(name, at = this.now) {
    return iso(at + 420 * minute).slice(0, indicators.find((indicator) => indicator.name === name).period === 'day' ? 10 : 7);
  }

  /** `period` and `asOf` are texts or null. @param {any} unit @param {string | null} period @param {string | null} asOf @param {string | null} territory */
  panel(unit, period = null, asOf = null, territory = null) {
    const at = asOf ? Date.parse(asOf) : this.now;
    const textOf = (name) => period ?? this.currentPeriod(name, at);
    const item = (kind) => (name, index) => ({
      position: index + (kind === 'breakdown' ? cards.length : 0), kind, figure: this.figure(name, unit, textOf(name), true, territory), trend: kind === 'breakdown' ? [] : this.trend(name, unit, textOf(name), territory),
    });
    const children = this.childrenOf(unit).map((child) => ({
      unit: { code: child.code, name: child.name },
      figures: breakdown.map((name) => this.figure(name, child, textOf(name), false, territory)),
    }));
    return {
      snapshot: this.snapshot(at), as_of: asOf, territory: territory ?? 'as_reported', panel: { ...this.panelTitle(), ...(unit.tree === 'organisation' ? { name: 'public_services_agencies', tree: unit.tree } : {}) },
      unit: { code: unit.code, name: unit.name, path: this.pathTo(unit) },
      period: period === null ? null : this.period(period), items: [...cards.map(item('figure')), ...breakdown.map(item('breakdown'))], children,
    };
  }

  /** Figures of one indicator for the children of a unit. */
  figuresBelow(name, unit, period, asOf = null) {
    return { snapshot: this.snapshot(), as_of: asOf, territory: 'as_reported', figures: this.childrenOf(unit).map((child) => this.figure(name, child, period)) };
  }

  /** What a viewer gets when one more case comes in. */
  change(unit) {
    this.sequence += 1;
    this.extra += 1;
    const panel = this.panel(unit);
    return { snapshot: panel.snapshot, items: panel.items.filter((item) => item.figure.indicator === 'received_cases'), children: panel.children.slice(0, 1), sources: panel.items[0].figure.passport.sources };
  }

  explanation(name, unit, period, asOf = null, territory = null) {
    const figure = this.figure(name, unit, period, true, territory);
    if (!figure) return null;
    const query = (values) => new URLSearchParams(values).toString();
    return {
      snapshot: this.snapshot(), as_of: asOf, territory: territory ?? 'as_reported', figure,
      parts: figure.passport.parts.map((part) => ({
        ...part,
        records_link: part.kind === 'measure' ? `/api/v1/explain/records?${query({ measure: part.name, tree: unit.tree, unit: unit.code, period })}` : null,
        explain_link: part.kind === 'indicator' ? `/api/v1/explain?${query({ indicator: part.name, tree: 'territory', unit: unit.code, period })}` : null,
      })),
      changes_since: territory === null ? iso(this.now - 1440 * minute) : null,
      changes: territory !== null ? [] : figure.passport.parts.filter((part) => part.kind === 'measure').flatMap((part) => [
        { measure: part.name, cause: 'new', count: 214, difference: '214' }, { measure: part.name, cause: 'corrected', count: 9, difference: '-3' },
      ]),
    };
  }

  /** From 2 less than now: three more, of which one was late, and one corrected away; then a target that was decided. */
  figureChange(name, unit, period, from, to) {
    const figure = this.figure(name, unit, period);
    if (!figure) return null;
    const end = to ?? iso(this.now);
    const part = figure.passport.parts.find((other) => other.kind === 'measure') ?? figure.passport.parts[0];
    const now = Number(figure.value ?? 0);
    const state = (value, judgement = figure.judgement) => ({
      value: value.toFixed(figure.decimals), no_value_reason: null, judgement, not_judged_reason: judgement === 'not_judged' ? figure.not_judged_reason ?? 'no_threshold' : null, target: figure.target,
    });
    const steps = [['new', 2], ['late', 1], ['corrected', -1]];
    let value = now - 2;
    return {
      indicator: name, title: figure.title, unit_of_measure: figure.unit_of_measure, decimals: figure.decimals, tree: figure.tree, unit: figure.unit, period,
      from, to: end, from_revision: 'cd34cd34cd34cd34', to_revision: 'cd34cd34cd34cd34', before: state(now - 2), after: state(now), difference: '2',
      by_cause: steps.map(([cause, difference]) => ({ causes: [cause], difference: String(difference) })),
      steps: steps.map(([cause, difference]) => {
        const before = state(value);
        value += difference;
        const query = new URLSearchParams({ measure: part.name, tree: unit.tree, unit: unit.code, period, from, to: end, cause }).toString();
        return {
          causes: [cause], aspects: [], from, to: end, difference: String(difference), before, after: state(value),
          parts: [{ name: part.name, title: part.title, kind: part.kind, before: '120', after: String(120 + difference), records_before: 120, records_after: 120 + difference, records_link: part.kind === 'measure' ? `/api/v1/explain/change/records?${query}` : null }],
        };
      }),
    };
  }

  recordsOfChange(measure, cause, from, to) {
    const { snapshot, dataset, columns, items } = this.records(null, 3, null, measure);
    return { snapshot, from, to, cause, dataset, columns, items, next: null };
  }

  alarms(from) {
    const start = from ?? iso(this.now - 1500 * minute);
    const of = (name, code, kind, more) => {
      const unit = this.findUnit(code);
      const figure = this.figure(name, unit, '2026-11');
      const state = (value, judgement) => ({ value, no_value_reason: null, judgement, not_judged_reason: null, target: null });
      return {
        kind, indicator: name, title: figure.title, unit_of_measure: figure.unit_of_measure, decimals: figure.decimals, tree: 'territory', unit: figure.unit, period: '2026-11',
        before: state('95.2', 'good'), after: state('88.4', 'bad'), corrected: null, tolerance: null, rank_before: null, rank_after: null, ranked: null,
        change_link: `/api/v1/explain/change?indicator=${name}`, ...more,
      };
    };
    return {
      from: start, to: iso(this.now), truncated: false,
      items: [of('on_time_rate', '15', 'judgement', {}), of('on_time_rate', '15', 'correction', { corrected: '-3.1', tolerance: '1' }), of('on_time_rate', '02647', 'rank', { rank_before: 3, rank_after: 41, ranked: 99 })],
    };
  }

  values(index, version = 4) {
    const draw = random(`case${index}`);
    const received = this.now - Math.round(draw() * 20 + 2) * 1440 * minute;
    const finished = version >= 4;
    return {
      case_number: this.caseNumber(index), status: statuses[version], channel: ['truc_tiep', 'truc_tuyen', 'buu_chinh'][index % 3],
      field: fields[index % fields.length], received_at: iso(received), due_at: iso(received + (version >= 3 ? 12 : 10) * 1440 * minute),
      finished_at: finished ? iso(received + 9 * 1440 * minute) : null, applicant: null, fee: version >= 1 ? '15000.00' : '0.00',
    };
  }

  caseNumber(index) {
    return `000.00.15.H38-2611${String(1 + (index % 23)).padStart(2, '0')}-${String(index + 1).padStart(4, '0')}`;
  }

  records(cursor, limit = 50, asOf = null, measure = 'received') {
    const total = 137;
    const open = measure === 'overdue' || measure === 'open';
    const start = Number(cursor ?? 0);
    const items = Array.from({ length: Math.min(limit, total - start) }, (_, offset) => {
      const index = start + offset;
      return { dataset: 'case', key: { case_number: this.caseNumber(index) }, values: open ? { ...this.values(index, 2), finished_at: null, received_at: iso(this.now - (50 - (index % 37)) * 800 * minute), due_at: iso(this.now - (measure === 'overdue' ? 1 : -1) * (37 - (index % 37)) * 790 * minute) } : this.values(index, index % 5), sequence: 700_000 + index * 10, delivery: 1280 - (index % 7), withdrawn: false };
    });
    return { snapshot: this.snapshot(), as_of: asOf, territory: 'as_reported', dataset: 'case', columns, items, next: start + limit < total ? String(start + limit) : null };
  }

  versions(caseNumber, asOf = null) {
    const index = Number(caseNumber.slice(-4)) - 1;
    const first = 700_000 + index * 10;
    const items = statuses.map((_, version) => ({
      sequence: first + version, order: iso(this.now - (20 - version * 4) * 1440 * minute), values: this.values(index, version), delivery: 1260 + version, mapping_revision: 2,
      row: 11 + version, raw_rows: [12 + version], predecessor: version === 0 ? null : first + version - 1, withdrawn: false, outranked: false, current: version === statuses.length - 1,
      recorded_at: iso(this.now - (20 - version * 4) * 1440 * minute + 20_000),
    }));
    return { snapshot: this.snapshot(), as_of: asOf, dataset: 'case', key: { case_number: caseNumber }, columns, items, next: null };
  }

  version(sequence) {
    const index = Math.floor((sequence - 700_000) / 10);
    const all = this.versions(this.caseNumber(index));
    const version = all.items[(sequence - 700_000) % 10];
    return version ? { dataset: all.dataset, key: all.key, columns, version, delivery: this.delivery(version.delivery) } : null;
  }

  raw(sequence) {
    const { version } = this.version(sequence);
    const [marked] = version.raw_rows;
    const rows = Array.from({ length: 7 }, (_, offset) => {
      const row = marked - 3 + offset;
      const values = row === marked ? version.values : this.values(row * 13, row % 5);
      const text = [values.case_number, values.status, values.channel, `"${values.field}"`, values.received_at, values.due_at, values.finished_at ?? '', 'Giàng A Páo', values.fee].join(';');
      return { row, line: row + 1, offset: 118 + (row - 1) * 164, length: Buffer.byteLength(text), text, of_version: row === marked };
    });
    return { rows, truncated: false };
  }

  delivery(sequence) {
    const draw = random(`delivery${sequence}`);
    const rows = 180 + Math.round(draw() * 60);
    const bad = sequence % 5 === 0 ? 3 : 0;
    const repeated = Math.round(draw() * 12);
    return {
      sequence, source: 'case_system', received_at: iso(this.now - (1284 - sequence) * 5 * minute), recorded_at: iso(this.now - (1284 - sequence) * 5 * minute + 14), format: 'csv',
      file_name: sequence % 4 === 0 ? `hoso_${sequence}.csv` : null, payload_sha256: Array.from({ length: 64 }, () => Math.floor(draw() * 16).toString(16)).join(''), payload_bytes: rows * 164,
      counts: { raw_rows: rows, mapped: rows - 2 - (bad ? 1 : 0), skipped: 2, refused: bad ? 1 : 0, candidates: rows - 2, accepted: rows - 2 - repeated - bad, repeated, in_conflict: 0, quarantined: bad },
      old_codes: sequence % 10 === 0 ? { rows: 12, ended: '2025-07-01' } : null, contract: sequence % 7 === 0 ? this.brokenContract(sequence) : null, outcome: 'accepted', refusal: null, mapping_revision: 2, replay_of: null, data_as_of: iso(this.now - (1284 - sequence) * 5 * minute - 4_000),
    };
  }

  /** A delivery that came short by four rows, of which two never came. */
  brokenContract(sequence) {
    return {
      control_totals: { outcome: 'incomplete', cleared_by: 'any', period: null, rows_told: 48, rows_arrived: 46, rows_accepted: 44, sums: [], missing: 4,
        named: [{ dataset: 'case', key: 'HS-017', raw_row: 17, reason: 'not_a_date' }, { dataset: 'case', key: 'HS-031', raw_row: 31, reason: 'missing_value' }, { dataset: 'case', key: 'HS-047', raw_row: null, reason: 'not_sent' }, { dataset: 'case', key: 'HS-048', raw_row: null, reason: 'not_sent' }] },
      drift: { compared_with: sequence - 1, changes: [{ kind: 'renamed', column: 'ngay_nhan', was: 'ngay_nhan', now: 'ngay_tiep_nhan' }], more: 0 }, unusual_volume: null,
    };
  }

  deliveries(cursor, limit = 50) {
    const start = Number(cursor ?? 1284);
    const items = Array.from({ length: limit }, (_, offset) => this.delivery(start - offset));
    return { items, next: start - limit > 1100 ? String(start - limit) : null };
  }

  /** Rows 500 to 496; what was decided in `decisions`, by id. */
  quarantine(query = () => null) {
    const rows = [
      ['finished_at', '31/02/2026 09:00', 'impossible_date', 'finished_at: 31 February does not exist; write a date that exists'],
      ['commune_code', '99999', 'unknown_place', 'commune_code: 99999 is no gso code on 2026-11-20; see territory/codes.csv'],
      [null, null, 'too_few_columns', 'the row has 8 columns, the declaration 9'],
      ['fee', '=1+1', 'not_a_decimal', 'fee: =1+1 is not a decimal number'],
      ['status', '<script>alert(1)</script>', 'not_allowed', 'status: not one of the declared values'],
      ['status', 'cho_bo_sung', 'not_allowed', 'status: not one of the declared values'],
    ];
    const items = rows.map(([column, value, reason, message], index) => ({
      id: 500 - index, delivery: 1280 - index * 5, source: 'case_system', dataset: column === null ? null : 'case', raw_row: 17 + index * 31, byte_offset: 2742 + index * 5084,
      column, value, reason, message, recorded_at: iso(this.now - (20 + index * 25) * minute), resolved_by: index === 4 ? 1283 : null,
      acceptable: reason === 'not_allowed', decision: this.decisions.get(500 - index) ?? null,
    })).filter((row) => (query('reason') === null || row.reason === query('reason'))
      && (query('column') === null || (row.column ?? '-') === query('column'))
      && (query('row') === null || String(row.raw_row) === query('row'))
      && (query('open') !== 'true' || (row.resolved_by === null && !['accepted', 'discarded'].includes(row.decision?.verdict))));
    return { items, next: null };
  }

  quarantineSummary(query = () => null) {
    const groups = new Map();
    for (const row of this.quarantine(query).items) {
      const key = `${row.column} ${row.reason}`;
      const known = groups.get(key) ?? { source: row.source, dataset: row.dataset, column: row.column, reason: row.reason, rows: 0, deliveries: 0, acceptable: row.acceptable, first_recorded_at: row.recorded_at, last_recorded_at: row.recorded_at };
      groups.set(key, { ...known, rows: known.rows + 1, deliveries: known.deliveries + 1 });
    }
    return { items: [...groups.values()], truncated: false };
  }

  /** Null when another number of rows was seen. */
  decide(query, { verdict, reason, count }) {
    const found = this.quarantine((name) => (name === 'open' && verdict === 'reopened' ? 'false' : query(name))).items;
    if (String(found.length) !== count) return null;
    for (const row of found) this.decisions.set(row.id, { verdict, reason, decided_by: 'hoa', decided_at: iso(this.now) });
    return { rows: found.length, deliveries: found.length, read_again: verdict === 'discarded' ? 0 : found.length, still_open: 0 };
  }

  rawRow(row) {
    const { rows } = this.raw(this.versions(this.caseNumber(1)).items[1].sequence);
    const moved = rows.map((other, index) => ({ ...other, row: row - 3 + index, line: row - 2 + index, of_version: index === 3 }));
    return { rows: moved.map((other) => (other.of_version ? { ...other, bytes: Buffer.from(other.text).subarray(0, 512).toString('hex') } : other)), truncated: false };
  }

  mappings() {
    const text = "SELECT so_ho_so AS case_number, trang_thai AS status, _row\nFROM raw\n";
    return { items: [{ dataset: 'case', file: 'systems/public_services/mappings/case.sql', revision: 2, text }], next: null };
  }

  mappingTrial() {
    const record = { case_number: 'H38-1', status: 'dang_xu_ly' };
    const fault = { column: 'status', value: 'cho_bo_sung', reason: 'not_allowed', message: 'status: not one of the declared values' };
    return {
      deliveries: 2, unchanged: 380, counts: { mended: 1, still_bad: 1, left_out: 0, spoiled: 0, altered: 1, lost: 0, gained: 0 },
      rows: [
        { delivery: 1255, raw_row: 172, change: 'mended', before: { records: [], faults: [fault] }, after: { records: [record], faults: [] } },
        { delivery: 1280, raw_row: 17, change: 'still_bad', before: { records: [], faults: [fault] }, after: { records: [], faults: [{ ...fault, column: null, value: null, reason: 'rule_broken' }] } },
        { delivery: 1280, raw_row: 18, change: 'altered', before: { records: [record], faults: [] }, after: { records: [{ ...record, status: 'da_xu_ly' }], faults: [] } },
      ],
      unread: [{ delivery: 1240, reason: 'worker_out_of_memory', message: 'the worker needed more than 2 GB for this delivery' }],
    };
  }

  replay(source, state = 'running') {
    return {
      number: 1, source, from: null, to: null, state, started_by: 'hoa', started_at: iso(this.now - 5_000), ended_at: state === 'running' ? null : iso(this.now),
      deliveries: 40, read_again: state === 'running' ? 12 : 40, accepted: 3, quarantined: 2, last: 1255, reason: null, message: null,
    };
  }

  secretList() {
    const items = [...this.secrets].map(([name, secret]) => ({ name, set_at: secret ? iso(this.now) : null, set_by: secret ? 'hoa' : null, needed_by: 'satisfaction' }));
    return { items, next: null };
  }

  sources() {
    const common = { system: 'public_services', owner: both('Văn phòng UBND tỉnh', 'Office of the People’s Committee') };
    const items = [
      { name: 'case_system', title: both('Hệ thống một cửa điện tử', 'Electronic one-stop shop'), ...common, connectors: ['push', 'file_drop'], connection: null, ...this.sourceState(), last_delivery: 1284, silent_after_seconds: 1800, simulated: true, coverage: 'decided', old_codes: null, ...this.standing('delivery'), contact: { name: 'Phòng Kiểm soát thủ tục hành chính', phone: '0214 3840 000', email: null }, freshness_seconds: 3600, cadence: 'every 900s', next_due: iso(this.now + 10 * minute) },
      { name: 'satisfaction', title: both('Khảo sát mức độ hài lòng', 'Satisfaction survey'), ...common, connectors: ['file_drop'], connection: null, state: 'never', last_sign_of_life: null, last_delivery: null, silent_after_seconds: 86400, simulated: false, age_seconds: null, coverage: 'decided', old_codes: { rows: 12, ended: '2025-07-01', delivery: 1240, received_at: iso(this.now - 220 * minute) }, ...this.standing('none'), contact: null, freshness_seconds: null, cadence: null, next_due: null },
    ];
    return { snapshot: this.snapshot(), items, next: null };
  }

  standing(answer) {
    const heard = answer === 'none' ? null : iso(this.now - minute);
    return {
      since: null, answer, trouble: null, drift: null, paused: null, last_good_delivery_at: heard, data_as_of: heard, expected_by: heard && iso(this.now + 29 * minute),
      contract_standing: { incomplete: null, incomplete_deliveries: 0, control_total_missing: null, drifting: null, unusual_volume: null },
      feeds: [{ indicator: 'on_time_rate', title: both('Tỷ lệ đúng hạn', 'On-time rate') }],
    };
  }

  sourceDetail(name) {
    const source = this.sources().items.find((item) => item.name === name);
    if (!source) return null;
    const contract = { format: 'csv', working_calendar: 'office', asked_every_seconds: null, silent_after_seconds: source.silent_after_seconds, late_after_seconds: null, data_as_of: null, datasets: ['case'] };
    return { snapshot: this.snapshot(), source, contract, events: this.sourceEvents(null).items };
  }

  sourceEvents(from) {
    const opened = iso(this.now - 300 * minute);
    const steps = [{ state: 'failing', from: opened, reason: 'no_connection', message: 'Không kết nối được với nguồn.' }, { state: 'silent', from: iso(this.now - 270 * minute), reason: '', message: '' }];
    const event = { source: 'case_system', title: both('Hệ thống một cửa điện tử', 'Electronic one-stop shop'), state: 'silent', opened_at: opened, closed_at: iso(this.now - 200 * minute), steps, steps_left_out: 0, feeds: 12 };
    return { from: from ?? iso(this.now - 1440 * minute), to: iso(this.now), truncated: false, items: [event] };
  }

  quality() {
    const score = (name, percent, good, whole, losses) => ({ name, formula: name, percent, good, whole, losses });
    return {
      snapshot: this.snapshot(), dataset: 'case', title: both('Hồ sơ', 'Case'), records: 1000, newest_only: false,
      scores: [
        score('correct', '99.90', 999, 1000, [{ kind: 'check', name: 'fee_not_negative', version: 41, key: { case_number: 'H38.1' } }]),
        score('complete', null, 0, 0, []),
        score('clean', '99.90', 1000, 1001, [{ kind: 'quarantined', name: 'not_a_timestamp', delivery: 1280, raw_row: 7 }]),
        score('live', '97.20', 2519424000, 2592000000, [{ kind: 'source', name: 'case_system', from: iso(this.now - 300 * minute), until: iso(this.now - 200 * minute), state: 'silent' }]),
      ],
      matched: { registry: 'citizen', column: 'applicant', percent: '99.00', good: 990, whole: 1000 },
    };
  }
}
