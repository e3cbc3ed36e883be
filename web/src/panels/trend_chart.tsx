import { LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use as register, type EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { Figure, Trend } from '../api/types';
import { useTheme } from '../ui/theme';
import { useFormat } from '../ui/use_format';
import classes from './trend_chart.module.css';
import { useTrendLabel } from './trend_label';

register([LineChart, GridComponent, TooltipComponent, MarkLineComponent, CanvasRenderer]);

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
    chart.current?.setOption({
      animation: false,
      grid: { left: 8, right: 16, top: 16, bottom: 8, outerBoundsMode: 'same' },
      // The richText tooltip is drawn on the canvas: one of HTML would need inline styles.
      tooltip: { trigger: 'axis', renderMode: 'richText', valueFormatter: (value: unknown) => (typeof value === 'number' ? shown(String(value)) : '–') },
      xAxis: { type: 'category', data: trend.map((point) => format.periodOf({ text: point.period, label: point.label })), axisLabel: { ...label, hideOverlap: true, margin: 12 }, axisLine: { lineStyle: { color: colour('--fs-line') } } },
      yAxis: { type: 'value', scale: true, axisLabel: { ...label, formatter: (value: number) => format.decimal(String(value), null) }, splitLine: { lineStyle: { color: colour('--fs-line') } } },
      series: [{
        type: 'line', name: format.text(figure.title), data: trend.map((point) => (point.value === null ? null : Number(point.value))),
        symbolSize: 7, lineStyle: { color: colour('--fs-accent'), width: 2 }, itemStyle: { color: colour('--fs-accent') },
        ...(figure.target === null ? {} : {
          markLine: { symbol: 'none', silent: true, data: [{ yAxis: Number(figure.target) }], lineStyle: { color: colour('--fs-good'), type: 'dashed' }, label: { ...label, position: 'insideEndTop', formatter: shown(figure.target) } },
        }),
      }],
    }, { notMerge: true });
  }, [trend, figure, format, theme]);

  return <div ref={frame} className={classes['chart']} role="img" aria-label={description ?? undefined} />;
}
