import { createContext, useContext, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LocalizedText, Value } from '../api/types';
import { formatBytes, formatCount, formatDecimal, type Language } from './number_format';
import { kindOf } from './period';
import { formatDate, formatMoment, formatWeekday } from './time_format';

/** The center's time zone (IANA); every moment is shown in it. */
export const TimeZoneContext = createContext('Asia/Ho_Chi_Minh');

const quarters = ['I', 'II', 'III', 'IV'];

function englishMonth(number: string): string {
  return new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2000, Number(number) - 1, 1)));
}

function joinUnit(number: string, unit: string): string {
  return /^[%‰]/.test(unit) ? number + unit : `${number} ${unit}`;
}

/** A period's text with what it is called, where that has been told. */
interface LabelledPeriod { text: string; label?: LocalizedText | undefined }

/** Everything that turns values into text of the language chosen. */
export function useFormat() {
  const { t, i18n } = useTranslation();
  const timeZone = useContext(TimeZoneContext);
  const language: Language = i18n.language === 'en' ? 'en' : 'vi';
  return useMemo(() => {
    const text = (localized: LocalizedText) => localized[language] ?? Object.values(localized)[0] ?? '';
    const duration = (seconds: number) => {
      if (seconds < 60) return t('duration.seconds', { count: Math.floor(seconds) });
      if (seconds < 3600) return t('duration.minutes', { count: Math.floor(seconds / 60) });
      if (seconds < 172_800) return t('duration.hours', { count: Math.floor(seconds / 3600) });
      return t('duration.days', { count: Math.floor(seconds / 86_400) });
    };
    const period = (periodText: string) => {
      const [year = '', rest = '', day = ''] = periodText.split('-');
      switch (kindOf(periodText)) {
        case 'year': return t('period.year', { year });
        case 'quarter': return t('period.quarter', { year, number: language === 'vi' ? quarters[Number(rest.slice(1)) - 1] ?? '' : rest.slice(1) });
        case 'month': return t('period.month', { year, number: language === 'vi' ? rest : englishMonth(rest) });
        case 'week': return t('period.week', { year, number: Number(rest.slice(1)) });
        case 'day': return t('period.day', { date: formatDate(periodText, language) });
        case 'hour': return t('period.hour', { date: formatDate(periodText.slice(0, 10), language), hour: day.slice(3) });
        default: return periodText;
      }
    };
    // A period of another regime than the calendar is written by its label, which comes with it.
    const periodOf = ({ text: periodText, label }: LabelledPeriod) => (label && kindOf(periodText) === null ? text(label) : period(periodText));
    // Within a sentence about a period of `year`: as short as can be understood.
    const periodShort = (periodText: string, ofYear: string, label?: LocalizedText) => {
      const [year = '', month = '', day = ''] = periodText.split('-');
      const kind = kindOf(periodText);
      if (kind === 'day') return language === 'vi' ? `${day}/${month}` : `${Number(day)} ${englishMonth(month).slice(0, 3)}`;
      if (kind !== 'month') return periodOf({ text: periodText, label });
      const number = language === 'vi' ? String(Number(month)) : englishMonth(month).slice(0, 3);
      return year === ofYear ? t('period.month_short', { number }) : t('period.month_short_with_year', { number, year });
    };
    // `value` decides between "1 case" and "2 cases"; a word without a text is shown as declared.
    const unitOfMeasure = (word: string, value: string | null = null) => {
      const shown = t(`unit_of_measure.${word as 'case'}`, { count: value === '1' ? 1 : 2, defaultValue: '' });
      return shown === '' ? word.replaceAll('_', ' ') : shown;
    };
    return {
      language, timeZone, text, duration, period, periodOf, periodShort, unitOfMeasure,
      decimal: (value: string, decimals: number | null) => formatDecimal(value, decimals, language),
      /** A value with its unit of measure; signs such as % follow the number at once, words after a space. */
      amount: (value: string, decimals: number | null, word: string) => joinUnit(formatDecimal(value, decimals, language), unitOfMeasure(word, value)),
      /** A difference, always with its sign; with the unit of measure when there is a word for it. */
      difference: (value: number, decimals: number, word: string | null = null) => {
        const shown = formatDecimal(value.toFixed(decimals), decimals, language);
        const signed = Number(value.toFixed(decimals)) > 0 ? `+${shown}` : shown;
        return word === null ? signed : joinUnit(signed, unitOfMeasure(word, String(Math.abs(value))));
      },
      count: (value: number) => formatCount(value, language),
      bytes: (value: number) => formatBytes(value, language),
      moment: (value: string, seconds = false) => formatMoment(value, timeZone, language, seconds),
      weekday: (value: string) => formatWeekday(value, timeZone, language),
      value: (value: Value, type: string) => {
        if (value === null) return '–';
        if (typeof value === 'boolean') return value ? t('value.yes') : t('value.no');
        if (type === 'timestamp') return formatMoment(String(value), timeZone, language, true);
        if (type === 'date') return formatDate(String(value), language);
        if (type === 'integer' || type === 'decimal') return formatDecimal(String(value), null, language);
        return String(value);
      },
    };
  }, [language, t, timeZone]);
}
