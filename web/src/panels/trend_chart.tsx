import { LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use as register, type EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { Figure, Trend } from '../api/types';
import { useTheme } from '../ui/theme';
import { useFormat } from '../ui/use_format';
import { partsOf } from './trend_breaks';
import classes from './trend_chart.module.css';
import { useTrendLabel } from './trend_label';

register([LineChart, GridComponent, TooltipComponent, MarkLineComponent, CanvasRenderer]);

/** Of the series that a broken line consists of, one at most has a value there. */
function tooltipOf(points: unknown, shown: (value: string) => string): string {
  const all = points as readonly { name: string; value: unknown }[];
  const value = all.map((point) => point.value).find((one) => typeof one === 'number');
  return `${all[0]?.name ?? ''}\n${value === undefined ? '–' : shown(String(value))}`;
}

interface TrendChartProps { trend: Trend; figure: Pick<Figure, 'decimals' | 'unit_of_measure' | 'target' | 'title'> }

/** The trend with axes and target. A default export, since it is loaded only when it is looked at. */
export default function TrendChart({ trend, figure }: TrendChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const format = useFormat();
  const theme = useTheme();
  // In the reader's language: ECharts would describe it in English.
  const description = useTrendLabel(trend, figure);

  useEffect(() => {
    if (!frame.current) return undefined;
    const drawn = init(frame.current);
    chart.current = drawn;
    const observer = new ResizeObserver(() => { drawn.resize(); });
    observer.observe(frame.current);
    return () => {
      observer.disconnect();
      drawn.dispose();
    };
  }, []);

  useEffect(() => {
    if (!frame.current) return;
    const style = getComputedStyle(frame.current);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const size = parseFloat(style.fontSize) * 0.8;
    const shown = (value: string) => format.amount(value, figure.decimals, figure.unit_of_measure);
    const label = { color: colour('--fs-dim'), fontSize: size, fontFamily: style.fontFamily };
    const parts = partsOf(trend);
    const target = figure.target === null ? [] : [{ yAxis: Number(figure.target), lineStyle: { color: colour('--fs-good'), type: 'dashed' as const }, label: { ...label, position: 'insideEndTop' as const, formatter: shown(figure.target) } }];
    const breaks = parts.slice(1).map((part) => ({ xAxis: part.from, lineStyle: { color: colour('--fs-dim'), type: 'dotted' as const }, label: { show: false } }));
    chart.current?.setOption({
      animation: false,
      grid: { left: 8, right: 16, top: 16, bottom: 8, outerBoundsMode: 'same' },
      // The richText tooltip is drawn on the canvas: one of HTML would need inline styles.
      tooltip: { trigger: 'axis', renderMode: 'richText', formatter: (points: unknown) => tooltipOf(points, shown) },
      xAxis: { type: 'category', data: trend.map((point) => format.periodOf({ text: point.period, label: point.label })), axisLabel: { ...label, hideOverlap: true, margin: 12 }, axisLine: { lineStyle: { color: colour('--fs-line') } } },
      yAxis: { type: 'value', scale: true, axisLabel: { ...label, formatter: (value: number) => format.decimal(String(value), null) }, splitLine: { lineStyle: { color: colour('--fs-line') } } },
      series: parts.map((part, index) => ({
        type: 'line', name: format.text(figure.title), data: trend.map((point, at) => (point.value === null || at < part.from || at >= part.to ? null : Number(point.value))),
        symbolSize: 7, lineStyle: { color: colour('--fs-accent'), width: 2 }, itemStyle: { color: colour('--fs-accent') },
        ...(index > 0 ? {} : { markLine: { symbol: 'none', silent: true, data: [...target, ...breaks] } }),
      })),
    }, { notMerge: true });
  }, [trend, figure, format, theme]);

  return <div ref={frame} className={classes['chart']} role="img" aria-label={description ?? undefined} />;
}
