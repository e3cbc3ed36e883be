// A small made-up center for tests: plausible answers in the form of schemas/openapi.yaml. Everything
// follows from a seed, so that two runs show the same screens.

const names = [
  ['phường', 'Lào Cai'], ['phường', 'Cam Đường'], ['phường', 'Sa Pa'], ['phường', 'Yên Bái'], ['phường', 'Nam Cường'], ['phường', 'Văn Phú'],
  ['phường', 'Âu Lâu'], ['phường', 'Nghĩa Lộ'], ['phường', 'Trung Tâm'], ['phường', 'Cầu Thia'], ['xã', 'Bắc Hà'], ['xã', 'Bảo Thắng'],
  ['xã', 'Bát Xát'], ['xã', 'Mường Khương'], ['xã', 'Si Ma Cai'], ['xã', 'Văn Bàn'], ['xã', 'Bảo Yên'], ['xã', 'Mù Cang Chải'], ['xã', 'Trạm Tấu'],
  ['xã', 'Lục Yên'], ['xã', 'Yên Bình'], ['xã', 'Văn Chấn'], ['xã', 'Trấn Yên'], ['xã', 'Y Tý'], ['xã', 'Tả Van'], ['xã', 'Tả Phìn'], ['xã', 'Mường Bo'],
  ['xã', 'Bản Hồ'], ['xã', 'Cốc San'], ['xã', 'Hợp Thành'], ['xã', 'A Mú Sung'], ['xã', 'Trịnh Tường'], ['xã', 'Bản Xèo'], ['xã', 'Mường Hum'],
  ['xã', 'Dền Sáng'], ['xã', 'Phong Hải'], ['xã', 'Xuân Quang'], ['xã', 'Tằng Loỏng'], ['xã', 'Gia Phú'], ['xã', 'Cốc Lầu'],
];
const english = { phường: 'Ward', xã: 'Commune' };
const capital = (word) => word[0].toUpperCase() + word.slice(1);
const both = (vi, en) => ({ vi, en });

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

const basis = both('Kế hoạch cải cách hành chính của tỉnh', "The province's reform plan");
const indicators = [
  { name: 'received', title: both('Hồ sơ tiếp nhận', 'Cases received'), uom: 'case', decimals: 0, better: 'neither', formula: 'received_cases', parts: ['received_cases'], scale: 12345 },
  { name: 'on_time_rate', title: both('Tỷ lệ trả kết quả đúng hạn', 'On-time rate'), uom: 'percent', decimals: 1, better: 'higher', formula: '100 * finished_on_time / finished', parts: ['finished_on_time', 'finished'], scale: 97.4, thresholds: { good: '95', watch: '90', basis }, target: '98' },
  { name: 'overdue', title: both('Hồ sơ quá hạn chưa giải quyết', 'Overdue cases'), uom: 'case', decimals: 0, better: 'lower', formula: 'overdue_cases', parts: ['overdue_cases'], scale: 412, thresholds: { good: '100', watch: '300', basis } },
  { name: 'open', title: both('Hồ sơ đang giải quyết', 'Open cases'), uom: 'case', decimals: 0, better: 'lower', formula: 'open_cases', parts: ['open_cases'], scale: 3218 },
  { name: 'online_rate', title: both('Tỷ lệ nộp hồ sơ trực tuyến', 'Share filed online'), uom: 'percent', decimals: 1, better: 'higher', formula: '100 * received_online / received_cases', parts: ['received_online', 'received_cases'], scale: 71.9, thresholds: { good: '80', watch: '70', basis }, target: '80' },
  { name: 'duration', title: both('Thời gian giải quyết trung bình', 'Average duration'), uom: 'hour', decimals: 1, better: 'lower', formula: 'duration_hours', parts: ['duration_hours'], scale: 41.6 },
  { name: 'fees', title: both('Phí, lệ phí đã thu', 'Fees collected'), uom: 'vnd', decimals: 0, better: 'neither', formula: 'fees_paid', parts: ['fees_paid'], scale: 1234567890 },
  { name: 'overdue_rate', title: both('Tỷ lệ quá hạn trên hồ sơ đang giải quyết', 'Share of overdue cases'), uom: 'percent', decimals: 2, better: 'lower', formula: '100 * overdue / open', parts: ['overdue', 'open'], scale: 12.8, thresholds: { good: '2', watch: '5', basis } },
];
const titles = {
  received_cases: both('Hồ sơ tiếp nhận', 'Cases received'), finished: both('Hồ sơ đã trả kết quả', 'Finished cases'),
  finished_on_time: both('Trả kết quả đúng hạn', 'Finished on time'), overdue_cases: both('Hồ sơ quá hạn', 'Overdue cases'),
  open_cases: both('Hồ sơ đang giải quyết', 'Open cases'), received_online: both('Nộp trực tuyến', 'Filed online'),
  duration_hours: both('Giờ giải quyết', 'Hours to finish'), fees_paid: both('Phí, lệ phí', 'Fees'),
};
const revision = '3f9a1c0b77de4512';
const minute = 60_000;
const iso = (milliseconds) => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');

const columns = [
  { name: 'case_number', title: both('Mã hồ sơ', 'Case number'), type: 'text', scale: 0, key: true, dimension: false, personal: false, masked: false },
  { name: 'status', title: both('Trạng thái', 'Status'), type: 'text', scale: 0, key: false, dimension: true, personal: false, masked: false },
  { name: 'channel', title: both('Kênh tiếp nhận', 'Channel'), type: 'text', scale: 0, key: false, dimension: true, personal: false, masked: false },
  { name: 'field', title: both('Lĩnh vực', 'Field'), type: 'text', scale: 0, key: false, dimension: true, personal: false, masked: false },
  { name: 'received_at', title: both('Tiếp nhận lúc', 'Received at'), type: 'timestamp', scale: 0, key: false, dimension: false, personal: false, masked: false },
  { name: 'due_at', title: both('Hạn trả kết quả', 'Due at'), type: 'timestamp', scale: 0, key: false, dimension: false, personal: false, masked: false },
  { name: 'finished_at', title: both('Trả kết quả lúc', 'Finished at'), type: 'timestamp', scale: 0, key: false, dimension: false, personal: false, masked: false },
  { name: 'applicant', title: both('Người nộp', 'Applicant'), type: 'text', scale: 0, key: false, dimension: false, personal: true, masked: true },
  { name: 'fee', title: both('Phí (đồng)', 'Fee (VND)'), type: 'decimal', scale: 2, key: false, dimension: false, personal: false, masked: false },
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
    this.units = [
      this.unit('15', 'province', both('Tỉnh Lào Cai', 'Lào Cai Province'), null, names.length),
      ...names.map(([kind, name], index) => this.unit(String(2600 + index * 7).padStart(5, '0'), 'commune', both(`${capital(kind)} ${name}`, `${name} ${english[kind]}`), '15', 0)),
    ];
  }

  unit(code, level, name, parent, children) {
    const draw = random(code);
    return { code, level, name, full_name: name, parent, latitude: 21.5 + draw(), longitude: 103.5 + draw(), area_km2: (draw() * 200).toFixed(2), children };
  }

  findUnit(code) {
    return this.units.find((unit) => unit.code === (code || '15')) ?? null;
  }

  pathTo(unit) {
    const own = { code: unit.code, name: unit.name };
    return unit.parent === null ? [own] : [...this.pathTo(this.findUnit(unit.parent)), own];
  }

  snapshot(at = this.now) {
    return { sequence: this.sequence, tick: iso(at), center_revision: revision };
  }

  session(signedIn, setUpNeeded = false) {
    const account = signedIn ? { kind: 'account', name: 'hoa', display_name: 'Nguyễn Thị Hoà', role: 'administrator', csrf_token: 'token-of-the-session' }
      : { kind: 'anonymous', name: null, display_name: null, role: null, csrf_token: null };
    return { ...account, set_up_needed: setUpNeeded, center: { name: 'laocai', title: both('Trung tâm điều hành thông minh tỉnh Lào Cai', 'Lào Cai intelligent operations center'), languages: ['vi', 'en'], time_zone: 'Asia/Ho_Chi_Minh', revision } };
  }

  panelTitle() {
    return { name: 'public_services', title: both('Dịch vụ công', 'Public services'), system: 'public_services', tree: 'territory' };
  }

  center() {
    const { center } = this.session(true);
    return { ...center, systems: [{ name: 'public_services', title: both('Dịch vụ công', 'Public services') }], panels: [this.panelTitle()], public: { indicators: ['on_time_rate'] } };
  }

  period(text) {
    const month = /^(\d{4})-(\d{2})$/.exec(text);
    const from = month ? Date.UTC(Number(month[1]), Number(month[2]) - 1, 1) : Date.UTC(Number(text.slice(0, 4)), 0, 1);
    const to = month ? Date.UTC(Number(month[1]), Number(month[2]), 1) : Date.UTC(Number(text.slice(0, 4)) + 1, 0, 1);
    const kind = month ? 'month' : /Q/.test(text) ? 'quarter' : /W/.test(text) ? 'week' : /^\d{4}$/.test(text) ? 'year' : 'day';
    return { text, regime: 'calendar', kind, from: iso(from - 420 * minute), to: iso(to - 420 * minute) };
  }

  valueOf(indicator, unit, period) {
    const draw = random(`${indicator.name}${unit.code}${period}`);
    const small = unit.parent !== null;
    if (indicator.uom === 'percent') {
      if (small && draw() < 0.06) return null;
      const swing = indicator.name === 'on_time_rate' ? (small ? 14 : 3) : indicator.scale * 0.15;
      return Math.min(100, Math.max(0, indicator.scale + (draw() - 0.6) * swing)).toFixed(6);
    }
    const share = small ? 1 / names.length : 1;
    const value = indicator.scale * share * (0.75 + draw() * 0.5) + (indicator.name === 'received' && !small ? this.extra : 0);
    return indicator.uom === 'hour' ? value.toFixed(4) : String(Math.round(value));
  }

  judge(indicator, value) {
    if (value === null) return ['not_judged', 'no_value'];
    if (!indicator.thresholds) return ['not_judged', 'no_threshold'];
    const [good, watch] = [Number(indicator.thresholds.good), Number(indicator.thresholds.watch)];
    const beyond = (limit) => (indicator.better === 'higher' ? Number(value) >= limit : Number(value) <= limit);
    return [beyond(good) ? 'good' : beyond(watch) ? 'watch' : 'bad', null];
  }

  sourceState() {
    const heard = this.silent ? this.now - 47 * minute : this.now - 3_000;
    return { state: this.silent ? 'silent' : this.late ? 'late' : 'live', last_sign_of_life: iso(heard), age_seconds: Math.round((this.now - heard) / 1000) };
  }

  passport(indicator, unit, period) {
    const draw = random(`passport${indicator.name}${unit.code}${period}`);
    const parts = indicator.parts.map((name) => {
      const nested = indicators.find((other) => other.name === name);
      const records = nested ? 0 : Math.round((unit.parent === null ? 12000 : 300) * (0.5 + draw()));
      return { name, title: titles[name] ?? nested.title, kind: nested ? 'indicator' : 'measure', value: nested ? this.valueOf(nested, unit, period) : String(records), records };
    });
    return {
      formula: indicator.formula, parts, data_as_of: iso(this.now - (this.late ? 300 : 4) * minute), received_at: iso(this.now - 3_000),
      sources: [{ name: 'case_system', title: both('Hệ thống một cửa điện tử', 'Electronic one-stop shop'), simulated: true, ...this.sourceState() }],
      deliveries: 1284, records: parts.reduce((sum, part) => sum + part.records, 0), freshness_promise_seconds: 3600,
      age_seconds: this.sourceState().age_seconds, snapshot: this.snapshot(),
    };
  }

  figure(name, unit, period, withPassport = true) {
    const indicator = indicators.find((other) => other.name === name);
    if (!indicator) return null;
    const value = this.valueOf(indicator, unit, period);
    const [judgement, reason] = this.judge(indicator, value);
    const marks = [...(this.late ? ['late'] : []), ...(this.silent ? ['silent'] : []), 'simulated'];
    return {
      indicator: name, title: indicator.title, tree: 'territory', unit: { code: unit.code, name: unit.name }, period: this.period(period),
      value, no_value_reason: value === null ? 'division_by_zero' : null, unit_of_measure: indicator.uom, decimals: indicator.decimals,
      judgement, not_judged_reason: reason, trust_marks: marks, target: indicator.target ?? null, thresholds: indicator.thresholds ?? null, better: indicator.better,
      ...(withPassport ? { passport: this.passport(indicator, unit, period) } : {}),
    };
  }

  trend(name, unit, period) {
    const year = Number(period.slice(0, 4));
    const periods = /^\d{4}-\d{2}$/.test(period)
      ? Array.from({ length: 12 }, (_, index) => new Date(Date.UTC(year, Number(period.slice(5)) - 12 + index, 1)).toISOString().slice(0, 7))
      : [period];
    return periods.map((text) => {
      const { value, judgement } = this.figure(name, unit, text, false);
      return { period: text, value, judgement };
    });
  }

  /** `period` and `asOf` are texts or null. @param {any} unit @param {string | null} period @param {string | null} asOf */
  panel(unit, period = null, asOf = null) {
    const text = period ?? '2026-11';
    const items = indicators.map(({ name }, position) => ({ position, kind: 'figure', figure: this.figure(name, unit, text), trend: this.trend(name, unit, text) }));
    const children = this.units.filter((other) => other.parent === unit.code).map((child) => ({
      unit: { code: child.code, name: child.name },
      figures: ['received', 'on_time_rate', 'overdue'].map((name) => this.figure(name, child, text, false)),
    }));
    return {
      snapshot: this.snapshot(asOf ? Date.parse(asOf) : this.now), as_of: asOf, panel: this.panelTitle(), unit: { code: unit.code, name: unit.name, path: this.pathTo(unit) },
      period: period === null ? null : this.period(period), items, children,
    };
  }

  /** What a viewer gets when one more case comes in. */
  change(unit) {
    this.sequence += 1;
    this.extra += 1;
    const panel = this.panel(unit);
    return { snapshot: panel.snapshot, items: panel.items.slice(0, 1), children: panel.children.slice(0, 1), sources: panel.items[0].figure.passport.sources };
  }

  explanation(name, unit, period, asOf = null) {
    const figure = this.figure(name, unit, period);
    if (!figure) return null;
    const query = (values) => new URLSearchParams(values).toString();
    return {
      snapshot: this.snapshot(), as_of: asOf, figure,
      parts: figure.passport.parts.map((part) => ({
        ...part,
        records_link: part.kind === 'measure' ? `/api/v1/explain/records?${query({ measure: part.name, tree: 'territory', unit: unit.code, period })}` : null,
        explain_link: part.kind === 'indicator' ? `/api/v1/explain?${query({ indicator: part.name, tree: 'territory', unit: unit.code, period })}` : null,
      })),
      changes_since: iso(this.now - 1440 * minute),
      changes: figure.passport.parts.filter((part) => part.kind === 'measure').flatMap((part) => [
        { measure: part.name, cause: 'new', count: 214, difference: '214' }, { measure: part.name, cause: 'corrected', count: 9, difference: '-3' },
      ]),
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

  records(cursor, limit = 50, asOf = null) {
    const total = 137;
    const start = Number(cursor ?? 0);
    const items = Array.from({ length: Math.min(limit, total - start) }, (_, offset) => {
      const index = start + offset;
      return { dataset: 'case', key: { case_number: this.caseNumber(index) }, values: this.values(index, index % 5), sequence: 700_000 + index * 10, delivery: 1280 - (index % 7), withdrawn: false };
    });
    return { snapshot: this.snapshot(), as_of: asOf, dataset: 'case', columns, items, next: start + limit < total ? String(start + limit) : null };
  }

  versions(caseNumber, asOf = null) {
    const index = Number(caseNumber.slice(-4)) - 1;
    const first = 700_000 + index * 10;
    const items = statuses.map((_, version) => ({
      sequence: first + version, order: iso(this.now - (20 - version * 4) * 1440 * minute), values: this.values(index, version), delivery: 1260 + version, mapping_revision: 2,
      row: 11 + version, raw_rows: [12 + version], predecessor: version === 0 ? null : first + version - 1, withdrawn: false, current: version === statuses.length - 1,
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
      outcome: 'accepted', refusal: null, mapping_revision: 2, replay_of: null, data_as_of: iso(this.now - (1284 - sequence) * 5 * minute - 4_000),
    };
  }

  deliveries(cursor, limit = 50) {
    const start = Number(cursor ?? 1284);
    const items = Array.from({ length: limit }, (_, offset) => this.delivery(start - offset));
    return { items, next: start - limit > 1100 ? String(start - limit) : null };
  }

  quarantine() {
    const rows = [
      ['finished_at', '31/02/2026 09:00', 'impossible_date', 'finished_at: 31 February does not exist; write a date that exists'],
      ['commune_code', '99999', 'unknown_place', 'commune_code: 99999 is no gso code on 2026-11-20; see territory/codes.csv'],
      [null, null, 'wrong_column_count', 'the row has 8 columns, the declaration 9'],
      ['fee', '=1+1', 'not_a_decimal', 'fee: =1+1 is not a decimal number'],
      ['status', '<script>alert(1)</script>', 'not_one_of', 'status: not one of the declared values'],
    ];
    const items = rows.map(([column, value, reason, message], index) => ({
      id: 500 - index, delivery: 1280 - index * 5, source: 'case_system', dataset: column === null ? null : 'case', raw_row: 17 + index * 31, byte_offset: 2742 + index * 5084,
      column, value, reason, message, recorded_at: iso(this.now - (20 + index * 25) * minute), resolved_by: index === 4 ? 1283 : null,
    }));
    return { items, next: null };
  }

  sources() {
    const common = { system: 'public_services', owner: both('Văn phòng UBND tỉnh', 'Office of the People’s Committee') };
    const items = [
      { name: 'case_system', title: both('Hệ thống một cửa điện tử', 'Electronic one-stop shop'), ...common, connectors: ['push', 'file_drop'], ...this.sourceState(), last_delivery: 1284, silent_after_seconds: 1800, simulated: true },
      { name: 'satisfaction', title: both('Khảo sát mức độ hài lòng', 'Satisfaction survey'), ...common, connectors: ['file_drop'], state: 'never', last_sign_of_life: null, last_delivery: null, silent_after_seconds: 86400, simulated: false, age_seconds: null },
    ];
    return { snapshot: this.snapshot(), items, next: null };
  }
}
