import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(`${import.meta.dirname}/tokens.css`, 'utf8');

function colours(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split('}')[0] ?? '';
  return Object.fromEntries([...block.matchAll(/--fs-([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1], match[2]]));
}
const light = colours(':root');
const dark = { ...light, ...colours(":root[data-mantine-color-scheme='dark']") };
const wall = { ...dark, ...colours(":root[data-theme='wall']") };

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const part = parseInt(hex.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

const grounds = ['page', 'surface', 'sunken'];
const pairs: [string, string][] = [
  ...['text', 'dim', 'accent', 'good', 'watch', 'bad', 'none'].flatMap((text) => grounds.map((ground): [string, string] => [text, ground])),
  ...['good', 'watch', 'bad', 'none', 'accent'].map((text): [string, string] => [text, `${text}-soft`]),
  ...['accent-soft', 'good-soft', 'watch-soft', 'bad-soft', 'none-soft', 'mark', 'step-1', 'step-2', 'step-3', 'step-4', 'step-5'].map((ground): [string, string] => ['text', ground]),
  ['dim', 'bad-soft'], ['dim', 'accent-soft'], ['past-text', 'past'],
];

describe.each([['light', light], ['dark', dark], ['wall', wall]] as const)('colours of the theme %s', (_, theme) => {
  it.each(pairs)('text %s on %s keeps 4.5:1', (text, ground) => {
    expect(contrast(theme[text]!, theme[ground]!)).toBeGreaterThanOrEqual(4.5);
  });
  it.each(grounds)('the line of a control on %s keeps 3:1', (ground) => {
    expect(contrast(theme['control']!, theme[ground]!)).toBeGreaterThanOrEqual(3);
  });
});

it('contrast is counted as WCAG counts it', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

it('lines of type do not touch where a capital has two diacritics', () => {
  const lines = [...css.matchAll(/--fs-\w+: [\d.]+rem\/([\d.]+);/g)].map((match) => Number(match[1]));
  expect(lines.length).toBeGreaterThanOrEqual(14);
  expect(Math.min(...lines)).toBeGreaterThanOrEqual(1.35);
});

it('leaves no motion to those who want none, also not what ::after draws', () => {
  expect(css).toContain('*, ::before, ::after { animation: none !important; transition: none !important; }');
});

/** `font` sets digits back to proportional, so who sets it after what asks for tabular ones has to ask again. */
it.each(['panels/figure_card', 'panels/unit_ranking', 'panels/change_label', 'features/panel_page'])('digits of %s stay tabular in every size', (file) => {
  const text = readFileSync(`${import.meta.dirname}/../${file}.module.css`, 'utf8');
  const rules = [...text.matchAll(/([^{}]+)\{([^{}]*)\}/g)].map(([, selector = '', body = '']) => ({ selector: selector.trim(), body }));
  const tabular = rules.flatMap(({ selector, body }) => (body.includes('tabular-nums') ? /(\.[\w-]+)$/.exec(selector)?.[1] ?? [] : []));
  expect(tabular.length).toBeGreaterThan(0);
  const lost = rules.filter(({ selector, body }) => tabular.some((name) => new RegExp(`\\${name}(\\[|$)`).test(selector)) && /(^|[\s;])font:/.test(body) && !body.includes('tabular-nums'));
  expect(lost.map(({ selector }) => selector)).toEqual([]);
});
