import { toLocalField } from './time_format';

/** The calendar's kinds of period. */
export type CalendarKind = 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year';

/** Kinds that a person can choose, from short to long. */
export const periodKinds: readonly CalendarKind[] = ['day', 'week', 'month', 'quarter', 'year'];

const dayMilliseconds = 86_400_000;

/** The kind of a period of the calendar; null for one of another regime, of which only the server knows more. */
export function kindOf(text: string): CalendarKind | null {
  if (/^\d{4}$/.test(text)) return 'year';
  if (/^\d{4}-Q[1-4]$/.test(text)) return 'quarter';
  if (/^\d{4}-W\d{2}$/.test(text)) return 'week';
  if (/^\d{4}-\d{2}$/.test(text)) return 'month';
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return 'day';
  if (/^\d{4}-\d{2}-\d{2}T\d{2}$/.test(text)) return 'hour';
  return null;
}

const pad = (number: number) => String(number).padStart(2, '0');

function isoWeekOf(day: Date): string {
  const thursday = new Date(day.getTime() + (3 - ((day.getUTCDay() + 6) % 7)) * dayMilliseconds);
  const year = thursday.getUTCFullYear();
  const first = Date.UTC(year, 0, 1);
  return `${year}-W${pad(Math.floor((thursday.getTime() - first) / dayMilliseconds / 7) + 1)}`;
}

function mondayOf(week: string): Date {
  const [year = '', number = ''] = week.split('-W');
  const fourth = new Date(Date.UTC(Number(year), 0, 4));
  return new Date(fourth.getTime() + (7 * (Number(number) - 1) - ((fourth.getUTCDay() + 6) % 7)) * dayMilliseconds);
}

/** The period of `kind` that contains the moment, in the center's time. */
export function periodContaining(kind: CalendarKind, moment: Date, timeZone: string): string {
  const local = toLocalField(moment, timeZone);
  const day = local.slice(0, 10);
  switch (kind) {
    case 'hour': return local.slice(0, 13);
    case 'day': return day;
    case 'week': return isoWeekOf(new Date(`${day}T00:00:00Z`));
    case 'month': return day.slice(0, 7);
    case 'quarter': return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
    case 'year': return day.slice(0, 4);
  }
}

/** The period `steps` later of the same kind; the text itself when it is no period. */
export function shiftPeriod(text: string, steps: number): string {
  const year = Number(text.slice(0, 4));
  switch (kindOf(text)) {
    case 'year': return String(year + steps);
    case 'quarter': {
      const index = year * 4 + Number(text.slice(6)) - 1 + steps;
      return `${Math.floor(index / 4)}-Q${(index % 4) + 1}`;
    }
    case 'month': {
      const index = year * 12 + Number(text.slice(5)) - 1 + steps;
      return `${Math.floor(index / 12)}-${pad((index % 12) + 1)}`;
    }
    case 'week': return isoWeekOf(new Date(mondayOf(text).getTime() + steps * 7 * dayMilliseconds));
    case 'day': return new Date(Date.parse(`${text}T00:00:00Z`) + steps * dayMilliseconds).toISOString().slice(0, 10);
    case 'hour': return new Date(Date.parse(`${text}:00:00Z`) + steps * 3_600_000).toISOString().slice(0, 13);
    default: return text;
  }
}
