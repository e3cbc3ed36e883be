/** Languages that the screens speak. */
export type Language = 'vi' | 'en';
export const languages: readonly Language[] = ['vi', 'en'];

const separators = { vi: { group: '.', point: ',' }, en: { group: ',', point: '.' } } as const;

/** Plain digits rounded half away from zero to `decimals`. Exact: never goes through a double. */
export function roundDecimal(text: string, decimals: number): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '0', fraction = ''] = match;
  let unscaled = BigInt(whole + fraction);
  const drop = fraction.length - decimals;
  if (drop > 0) {
    const divisor = 10n ** BigInt(drop);
    const remainder = unscaled % divisor;
    unscaled = unscaled / divisor + (remainder * 2n >= divisor ? 1n : 0n);
  } else {
    unscaled *= 10n ** BigInt(-drop);
  }
  const digits = unscaled.toString().padStart(decimals + 1, '0');
  const split = digits.length - decimals;
  const shown = decimals > 0 ? `${digits.slice(0, split)}.${digits.slice(split)}` : digits;
  return unscaled === 0n ? shown : sign + shown;
}

/** Exact plain digits as people read them: `1.234.567,8` or `1,234,567.8`. */
export function formatDecimal(text: string, decimals: number | null, language: Language): string {
  const rounded = decimals === null ? text : roundDecimal(text, decimals);
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(rounded);
  if (!match) return text;
  const [, sign = '', whole = '', fraction] = match;
  const { group, point } = separators[language];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return (sign ? '\u2212' : '') + grouped + (fraction === undefined ? '' : point + fraction);
}

export function formatCount(count: number, language: Language): string {
  return formatDecimal(String(Math.trunc(count)), 0, language);
}

/** Bytes in the unit that keeps the number short. */
export function formatBytes(bytes: number, language: Language): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${formatDecimal(size.toFixed(unit === 0 ? 0 : 1), unit === 0 ? 0 : 1, language)} ${units[unit] ?? 'B'}`;
}
