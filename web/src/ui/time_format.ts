import type { Language } from './number_format';

interface LocalParts { year: string; month: string; day: string; hour: string; minute: string; second: string }

function partsOf(moment: Date, timeZone: string): LocalParts {
  const formatter = new Intl.DateTimeFormat('en-GB', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
  });
  const parts = Object.fromEntries(formatter.formatToParts(moment).map((part) => [part.type, part.value]));
  return parts as unknown as LocalParts;
}

const englishMonths = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-11-23` as `23/11/2026` or `23 Nov 2026`. */
export function formatDate(date: string, language: Language): string {
  const [year, month, day] = date.split('-');
  if (!year || !month || !day) return date;
  return language === 'vi' ? `${day}/${month}/${year}` : `${Number(day)} ${englishMonths[Number(month) - 1] ?? month} ${year}`;
}

/** A moment in the center's time: `23/11/2026 14:05` or `23 Nov 2026, 14:05`. */
export function formatMoment(moment: string, timeZone: string, language: Language, seconds = false): string {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return moment;
  const local = partsOf(date, timeZone);
  const time = `${local.hour}:${local.minute}${seconds ? `:${local.second}` : ''}`;
  const day = formatDate(`${local.year}-${local.month}-${local.day}`, language);
  return language === 'vi' ? `${day} ${time}` : `${day}, ${time}`;
}

/** The day of the week of a moment in the center's time: `Thứ Hai` or `Monday`. */
export function formatWeekday(moment: string, timeZone: string, language: Language): string {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? '' : new Intl.DateTimeFormat(language, { timeZone, weekday: 'long' }).format(date);
}

/** Local time of the center as `datetime-local` fields want it, `2026-11-23T14:05:00`. */
export function toLocalField(moment: Date, timeZone: string): string {
  const local = partsOf(moment, timeZone);
  return `${local.year}-${local.month}-${local.day}T${local.hour}:${local.minute}:${local.second}`;
}

/** The moment (RFC 3339, UTC) that a local time of the center means; null for a text that is none. */
export function fromLocalField(local: string, timeZone: string): string | null {
  const guess = new Date(`${local.length === 16 ? `${local}:00` : local}Z`);
  if (Number.isNaN(guess.getTime())) return null;
  const shown = new Date(`${toLocalField(guess, timeZone)}Z`);
  return new Date(2 * guess.getTime() - shown.getTime()).toISOString().replace('.000Z', 'Z');
}
