import type { Figure, PanelChild } from '../api/types';
import { worstFirst } from './judgement_summary';

/** One unit with the figure that it is compared by. */
export interface RankedUnit { code: string; name: string; figure: Figure }

/** Units with their figure number `index`; those that lack it are left out. */
export function unitsBy(children: readonly PanelChild[], index: number, nameOf: (child: PanelChild) => string): RankedUnit[] {
  return children.flatMap((child) => {
    const figure = child.figures[index];
    return figure ? [{ code: child.unit.code, name: nameOf(child), figure }] : [];
  });
}

/**
 * Worst first: bad before watch before good before not judged; within a judgement by value, against the better
 * direction, or largest first where there is none. Units without a value come last. Equal ones by name.
 */
export function rankUnits(units: readonly RankedUnit[]): RankedUnit[] {
  const collator = new Intl.Collator('vi');
  return [...units].sort((a, b) => {
    const [left, right] = [a.figure, b.figure];
    if (left.value === null || right.value === null) {
      return left.value === right.value ? collator.compare(a.name, b.name) : left.value === null ? 1 : -1;
    }
    const judged = worstFirst.indexOf(left.judgement) - worstFirst.indexOf(right.judgement);
    const byValue = (Number(left.value) - Number(right.value)) * (left.better === 'higher' ? 1 : -1);
    return judged || byValue || collator.compare(a.name, b.name);
  });
}

/** Steps 1 to 5 by rank of the value among the units, so that each step has about as many of them; 0 without a value. */
export function stepsOf(units: readonly RankedUnit[]): Map<string, number> {
  const known = units.filter((unit) => unit.figure.value !== null).map((unit) => Number(unit.figure.value)).sort((a, b) => a - b);
  return new Map(units.map(({ code, figure }) => {
    if (figure.value === null) return [code, 0];
    const below = known.findIndex((value) => value >= Number(figure.value));
    return [code, 1 + Math.min(4, Math.floor((below / known.length) * 5))];
  }));
}

/** First letters of a name's words, as a tile has room for: `Phong Dụ Thượng` as `PDT`. */
export function initialsOf(name: string): string {
  return name.split(/\s+/).map((word) => [...word.normalize('NFC')][0] ?? '').join('').toLocaleUpperCase('vi');
}
