import { beforeEach, expect, it } from 'vitest';
import { chooseTheme, schemeOf, startTheme } from './theme';

const shown = () => document.documentElement.dataset['theme'];
const open = (search: string) => { window.history.replaceState(null, '', `/${search}`); };

beforeEach(() => {
  localStorage.clear();
  open('');
});

it('follows the device until a theme is chosen', () => {
  startTheme();
  expect(shown()).toBe('system');
  expect(schemeOf('system')).toBeUndefined();
});

it('takes the theme that the address names and remembers it', () => {
  open('?theme=wall');
  startTheme();
  open('');
  startTheme();
  expect(shown()).toBe('wall');
  expect(schemeOf('wall')).toBe('dark');
});

it('remembers the theme that was chosen', () => {
  chooseTheme('light');
  startTheme();
  expect(shown()).toBe('light');
});

it('takes no theme that there is none of', () => {
  open('?theme=<script>');
  localStorage.setItem('fansipan.theme', 'pink');
  startTheme();
  expect(shown()).toBe('system');
});
