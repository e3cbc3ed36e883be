import type { LiveChange, PanelAnswer, PanelItem, Passport } from '../api/types';

function withSources(passport: Passport, changed: LiveChange['sources']): Passport {
  if (!passport.sources.some((source) => changed.some((other) => other.name === source.name))) return passport;
  return { ...passport, sources: passport.sources.map((source) => changed.find((other) => other.name === source.name) ?? source) };
}

function itemAfter(item: PanelItem, change: LiveChange): PanelItem {
  const latest = change.items.find((other) => other.position === item.position) ?? item;
  const passport = withSources(latest.figure.passport, change.sources);
  return passport === latest.figure.passport ? latest : { ...latest, figure: { ...latest.figure, passport } };
}

/** True when `next` is not older than `shown`: a viewer never goes back. */
export function isNotOlder(shown: PanelAnswer['snapshot'], next: PanelAnswer['snapshot']): boolean {
  if (next.sequence !== shown.sequence) return next.sequence > shown.sequence;
  return Date.parse(next.tick) >= Date.parse(shown.tick);
}

/** The panel after a change. What has not changed keeps its identity, so that it is not drawn again. */
export function applyChange(panel: PanelAnswer, change: LiveChange): PanelAnswer {
  if (!isNotOlder(panel.snapshot, change.snapshot)) return panel;
  const children = change.children.length === 0
    ? panel.children
    : panel.children.map((child) => change.children.find((other) => other.unit.code === child.unit.code) ?? child);
  return { ...panel, snapshot: change.snapshot, items: panel.items.map((item) => itemAfter(item, change)), children };
}
