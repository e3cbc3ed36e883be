import { useSyncExternalStore } from 'react';

/** `system` follows the device between light and dark; `wall` is for a display that is read from afar. */
export const themes = ['system', 'light', 'dark', 'wall'] as const;
export type Theme = (typeof themes)[number];

const remembered = 'fansipan.theme';
const listeners = new Set<() => void>();
let current: Theme = 'system';

function isTheme(text: string | null): text is Theme {
  return themes.includes(text as Theme);
}

function show(theme: Theme): void {
  current = theme;
  document.documentElement.dataset['theme'] = theme;
  for (const listener of listeners) listener();
}

/** Starts with the theme that the address names (`?theme=wall`), else the one last chosen on this device. */
export function startTheme(): void {
  const asked = new URLSearchParams(window.location.search).get('theme');
  const kept = localStorage.getItem(remembered);
  if (isTheme(asked)) chooseTheme(asked);
  else show(isTheme(kept) ? kept : 'system');
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(remembered, theme);
  show(theme);
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => { listeners.delete(listener); };
  }, () => current);
}

/** The scheme that Mantine draws a theme in; undefined where it follows the device. */
export function schemeOf(theme: Theme): 'light' | 'dark' | undefined {
  return theme === 'system' ? undefined : theme === 'light' ? 'light' : 'dark';
}
