import type { LiveChange, PanelAnswer, PanelItem, Passport } from '../api/types';

function latest(moments: (string | null)[]): string | null {
  return moments.reduce((last, moment) => (last === null || (moment !== null && Date.parse(moment) > Date.parse(last)) ? moment : last), null);
}

/** What sources delivered is told of each source; a figure's own times follow, as the server computes them. */
function withSources(passport: Passport, changed: LiveChange['sources']): Passport {
  if (!passport.sources.some((source) => changed.some((other) => other.name === source.name))) return passport;
  const sources = passport.sources.map((source) => changed.find((other) => other.name === source.name) ?? source);
  return {
    ...passport,
    sources,
    data_as_of: latest(sources.map((source) => source.data_as_of)),
    received_at: latest(sources.map((source) => source.received_at)),
    deliveries: sources.reduce((sum, source) => sum + source.deliveries, 0),
  };
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
