/** A unit with the point that stands for it; null where none is known. */
export interface PlacedUnit { code: string; latitude: number | null; longitude: number | null }

export interface TileCell { column: number; row: number }

/** `cells` has every unit once, by code; no two share a cell. */
export interface TileGrid { columns: number; rows: number; cells: ReadonlyMap<string, TileCell> }

/** Share of cells that hold a unit: fuller makes larger tiles, emptier keeps the outline of the territory. */
const fullness = 0.78;
/** Beyond so many units the exact assignment takes longer than a person waits. */
const mostExact = 400;

interface Point { x: number; y: number }

/** Each value between 0 and 1: half its place in the range, half its rank, so that crowded places spread. */
function spread(values: readonly number[]): number[] {
  const lowest = Math.min(...values);
  const span = Math.max(...values) - lowest || 1;
  const order = values.map((_, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
  const ranks = new Map(order.map((index, rank) => [index, values.length > 1 ? rank / (values.length - 1) : 0.5]));
  return values.map((value, index) => 0.5 * ((value - lowest) / span) + 0.5 * (ranks.get(index) ?? 0));
}

/** What the Hungarian method keeps; row and column 0 stand for none. */
interface Assignment {
  costs: readonly Float64Array[];
  potentialOfRow: Float64Array;
  potentialOfColumn: Float64Array;
  rowOfColumn: Int32Array;
  least: Float64Array;
  seen: Uint8Array;
  before: Int32Array;
}

/** The unseen column that is nearest to those seen, and how much nearer all potentials must move. */
function nearestColumn({ costs, potentialOfRow, potentialOfColumn, rowOfColumn, least, seen, before }: Assignment, at: number) {
  const row = rowOfColumn[at] ?? 0;
  const costsOfRow = costs[row - 1] ?? new Float64Array();
  let step = Infinity;
  let next = 0;
  for (let column = 1; column < seen.length; column += 1) {
    if (seen[column] === 1) continue;
    const cost = (costsOfRow[column - 1] as number) - (potentialOfRow[row] as number) - (potentialOfColumn[column] as number);
    if (cost < (least[column] as number)) {
      least[column] = cost;
      before[column] = at;
    }
    if ((least[column] as number) < step) [step, next] = [least[column] as number, column];
  }
  return { step, next };
}

function movePotentials({ potentialOfRow, potentialOfColumn, rowOfColumn, least, seen }: Assignment, step: number): void {
  const add = (values: Float64Array, index: number, difference: number) => { values[index] = (values[index] as number) + difference; };
  for (let column = 0; column < seen.length; column += 1) {
    if (seen[column] === 1) {
      add(potentialOfRow, rowOfColumn[column] as number, step);
      add(potentialOfColumn, column, -step);
    } else {
      add(least, column, -step);
    }
  }
}

/**
 * For each row of `costs` the column it gets, so that their sum is least and no column is given twice
 * (the Hungarian method with potentials). Needs at least as many columns as rows.
 */
export function assignCheapest(costs: readonly Float64Array[]): number[] {
  const columns = costs[0]?.length ?? 0;
  const empty = () => ({ least: new Float64Array(columns + 1).fill(Infinity), seen: new Uint8Array(columns + 1), before: new Int32Array(columns + 1) });
  const lasting = {
    costs, potentialOfRow: new Float64Array(costs.length + 1), potentialOfColumn: new Float64Array(columns + 1), rowOfColumn: new Int32Array(columns + 1),
  };
  for (let row = 1; row <= costs.length; row += 1) {
    const assignment: Assignment = { ...lasting, ...empty() };
    const { rowOfColumn, before, seen } = assignment;
    rowOfColumn[0] = row;
    let at = 0;
    do {
      seen[at] = 1;
      const { step, next } = nearestColumn(assignment, at);
      movePotentials(assignment, step);
      at = next;
    } while (rowOfColumn[at] !== 0);
    while (at !== 0) {
      const from = before[at] as number;
      rowOfColumn[at] = rowOfColumn[from] as number;
      at = from;
    }
  }
  const given = new Array<number>(costs.length).fill(0);
  lasting.rowOfColumn.forEach((row, column) => { if (column > 0 && row > 0) given[row - 1] = column - 1; });
  return given;
}

/** The grid that the points fit best: as wide for its height as the territory, for tiles of the given shape. */
function sizeFor(count: number, widthToHeight: number): { columns: number; rows: number } {
  const wanted = Math.ceil(count / fullness);
  const columns = Math.max(1, Math.min(count, Math.round(Math.sqrt(wanted * widthToHeight))));
  return { columns, rows: Math.max(1, Math.ceil(wanted / columns)) };
}

function costsOf(points: readonly Point[], columns: number, rows: number): Float64Array[] {
  return points.map(({ x, y }) => Float64Array.from({ length: columns * rows }, (_, cell) => {
    const across = x * (columns - 1) - (cell % columns);
    const down = y * (rows - 1) - Math.floor(cell / columns);
    return across * across + down * down;
  }));
}

/**
 * Gives every unit a cell of a grid near its place on the map: north is up, east is right, and the sum
 * of the squared ways from point to cell is least. Depends on nothing but codes and points, so it comes
 * out the same in every browser. Units without a point follow in rows of their own below. `tileShape` is
 * a tile's width divided by its height.
 */
export function placeTiles(units: readonly PlacedUnit[], tileShape = 1.25): TileGrid {
  const sorted = [...units].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  const known = sorted.filter((unit) => unit.latitude !== null && unit.longitude !== null);
  const unknown = sorted.filter((unit) => !known.includes(unit));
  const latitudes = known.map((unit) => unit.latitude ?? 0);
  const longitudes = known.map((unit) => unit.longitude ?? 0);
  const height = known.length > 1 ? Math.max(...latitudes) - Math.min(...latitudes) : 0;
  const middle = known.length > 0 ? (Math.max(...latitudes) + Math.min(...latitudes)) / 2 : 0;
  const width = known.length > 1 ? (Math.max(...longitudes) - Math.min(...longitudes)) * Math.cos((middle * Math.PI) / 180) : 0;
  const shape = height > 0 && width > 0 ? Math.min(4, Math.max(0.25, width / height)) : 2;
  const { columns, rows } = sizeFor(Math.max(1, known.length > 0 ? known.length : sorted.length), shape / tileShape);
  const cells = new Map<string, TileCell>();
  const given = cellsOf(longitudes, latitudes, columns, rows);
  known.forEach((unit, index) => {
    const cell = given[index] ?? 0;
    cells.set(unit.code, { column: cell % columns, row: Math.floor(cell / columns) });
  });
  const firstFree = known.length > 0 ? rows : 0;
  unknown.forEach((unit, index) => cells.set(unit.code, { column: index % columns, row: firstFree + Math.floor(index / columns) }));
  const used = [...cells.values()].reduce((most, cell) => Math.max(most, cell.row + 1), 0);
  return { columns, rows: used, cells };
}

function cellsOf(longitudes: readonly number[], latitudes: readonly number[], columns: number, rows: number): number[] {
  if (longitudes.length === 0) return [];
  if (longitudes.length > mostExact) {
    const order = longitudes.map((_, index) => index).sort((a, b) => (latitudes[b] ?? 0) - (latitudes[a] ?? 0) || a - b);
    const bands = Array.from({ length: Math.ceil(order.length / columns) }, (_, band) => order.slice(band * columns, (band + 1) * columns));
    const given: number[] = [];
    bands.forEach((band, row) => {
      band.sort((a, b) => (longitudes[a] ?? 0) - (longitudes[b] ?? 0) || a - b).forEach((unit, column) => { given[unit] = row * columns + column; });
    });
    return given;
  }
  const down = spread(latitudes.map((latitude) => -latitude));
  const points = spread(longitudes).map((x, index) => ({ x, y: down[index] ?? 0 }));
  return assignCheapest(costsOf(points, columns, rows));
}

/** The nearest tile in a direction, as arrow keys go: in the same row or column if there is one, else beside it. */
export function neighbourOf(grid: TileGrid, code: string, direction: 'left' | 'right' | 'up' | 'down'): string | null {
  const here = grid.cells.get(code);
  if (!here) return null;
  const across = direction === 'left' || direction === 'right';
  const sign = direction === 'right' || direction === 'down' ? 1 : -1;
  let best: string | null = null;
  let shortest = Infinity;
  for (const [other, cell] of grid.cells) {
    const ahead = sign * (across ? cell.column - here.column : cell.row - here.row);
    const aside = Math.abs(across ? cell.row - here.row : cell.column - here.column);
    const way = ahead + 3 * aside;
    if (ahead > 0 && aside <= ahead && way < shortest) [best, shortest] = [other, way];
  }
  return best;
}
