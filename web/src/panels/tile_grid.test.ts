import { describe, expect, it } from 'vitest';
import { World } from '../../testing/world.mjs';
import { assignCheapest, neighbourOf, placeTiles, type PlacedUnit } from './tile_grid';

const communes = new World().unitList('territory', '15').items as PlacedUnit[];

/** A generator that gives the same numbers in every run. */
function numbers(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
function someUnits(count: number, seed: number): PlacedUnit[] {
  const draw = numbers(seed);
  return Array.from({ length: count }, (_, index) => ({ code: String(index), latitude: 8 + draw() * draw() * 15, longitude: 102 + draw() * 7 }));
}
const keyOf = (cell: { column: number; row: number }) => `${cell.column} ${cell.row}`;

describe('placeTiles', () => {
  it.each([1, 2, 3, 7, 34, 99, 168, 319])('gives each of %i units a cell of its own inside the grid', (count) => {
    const grid = placeTiles(someUnits(count, count));
    const cells = [...grid.cells.values()];
    expect(grid.cells.size).toBe(count);
    expect(new Set(cells.map(keyOf)).size).toBe(count);
    expect(cells.every(({ column, row }) => column >= 0 && column < grid.columns && row >= 0 && row < grid.rows)).toBe(true);
  });

  it('gives every unit a cell also when there are too many for the exact assignment, share points, or have none', () => {
    for (const units of [someUnits(1_200, 5), communes.map((unit) => ({ ...unit, latitude: 22, longitude: 104 })), communes.map((unit) => ({ ...unit, latitude: null, longitude: null }))]) {
      const grid = placeTiles(units);
      expect(new Set([...grid.cells.values()].map(keyOf)).size).toBe(units.length);
    }
  });

  it('comes out the same in whatever order the units come', () => {
    const there = placeTiles(communes);
    const back = placeTiles([...communes].reverse());
    expect([...back.cells].sort()).toEqual([...there.cells].sort());
  });

  it('puts units without a point below all others', () => {
    const units = communes.map((unit, index) => (index < 3 ? { ...unit, latitude: null } : unit));
    const grid = placeTiles(units);
    const lowest = Math.max(...units.slice(3).map((unit) => grid.cells.get(unit.code)!.row));
    expect(units.slice(0, 3).every((unit) => grid.cells.get(unit.code)!.row > lowest)).toBe(true);
  });

  it('keeps the order of the communes: who lies clearly further east or south stands there on the grid', () => {
    const { cells } = placeTiles(communes);
    const far = 0.25;
    let pairs = 0;
    let kept = 0;
    for (const a of communes) {
      for (const b of communes) {
        if (a.longitude! - b.longitude! > far) [pairs, kept] = [pairs + 1, kept + (cells.get(a.code)!.column > cells.get(b.code)!.column ? 1 : 0)];
        if (b.latitude! - a.latitude! > far) [pairs, kept] = [pairs + 1, kept + (cells.get(a.code)!.row > cells.get(b.code)!.row ? 1 : 0)];
      }
    }
    expect(pairs).toBeGreaterThan(2_000);
    expect(kept / pairs).toBeGreaterThan(0.97);
  });

  it('keeps neighbours near: the closest other commune is at most two tiles away for nearly all', () => {
    const { cells } = placeTiles(communes);
    const near = communes.filter((unit) => {
      const others = communes.filter((other) => other !== unit);
      const way = (other: PlacedUnit) => Math.hypot(other.latitude! - unit.latitude!, (other.longitude! - unit.longitude!) * 0.93);
      const closest = others.reduce((best, other) => (way(other) < way(best) ? other : best));
      const [here, there] = [cells.get(unit.code)!, cells.get(closest.code)!];
      return Math.max(Math.abs(here.column - there.column), Math.abs(here.row - there.row)) <= 2;
    });
    expect(near.length / communes.length).toBeGreaterThan(0.95);
  });
});

describe('assignCheapest', () => {
  it('finds what trying everything finds', () => {
    const draw = numbers(11);
    for (let round = 0; round < 50; round += 1) {
      const costs = Array.from({ length: 4 }, () => Float64Array.from({ length: 5 }, () => Math.floor(draw() * 100)));
      const sum = (columns: readonly number[]) => columns.reduce((total, column, row) => total + costs[row]![column]!, 0);
      let least = Infinity;
      const choose = (columns: number[]) => {
        if (columns.length === costs.length) least = Math.min(least, sum(columns));
        else for (let column = 0; column < 5; column += 1) if (!columns.includes(column)) choose([...columns, column]);
      };
      choose([]);
      expect(sum(assignCheapest(costs))).toBe(least);
    }
  });
});

describe('neighbourOf', () => {
  const grid = placeTiles(communes);
  it('reaches every tile from every tile by arrow keys', () => {
    const reached = new Set<string>();
    const open = [communes[0]!.code];
    while (open.length > 0) {
      const code = open.pop()!;
      if (reached.has(code)) continue;
      reached.add(code);
      for (const direction of ['left', 'right', 'up', 'down'] as const) {
        const next = neighbourOf(grid, code, direction);
        if (next !== null) open.push(next);
      }
    }
    expect(reached.size).toBe(communes.length);
  });
  it('stays at the edge', () => {
    const first = [...grid.cells].reduce((best, one) => (one[1].row < best[1].row ? one : best))[0];
    expect(neighbourOf(grid, first, 'up')).toBeNull();
  });
});
