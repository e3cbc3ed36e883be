/** In place of the chart in unit tests: jsdom draws on no canvas; charts are looked at by `npm run screens`. */
export default function TrendChart() {
  return <div data-testid="chart" />;
}
