import { useTranslation } from 'react-i18next';
import type { Figure, Trend } from '../api/types';
import { useFormat } from '../ui/use_format';

/** A trend in words, for those who do not see its line; null where there are fewer than two values. */
export function useTrendLabel(trend: Trend, figure: Pick<Figure, 'decimals'>): string | null {
  const { t } = useTranslation();
  const format = useFormat();
  const known = trend.filter((point) => point.value !== null).sort((a, b) => Number(a.value) - Number(b.value));
  const [first, last] = [trend[0], trend.at(-1)];
  if (!first || !last || known.length < 2) return null;
  const shown = (value: string | null | undefined) => (value ? format.decimal(value, figure.decimals) : '–');
  return t('figure.trend', {
    from: format.periodShort(first.period, '', first.label), to: format.periodShort(last.period, '', last.label),
    lowest: shown(known[0]?.value), highest: shown(known.at(-1)?.value), last: shown(last.value),
  });
}
