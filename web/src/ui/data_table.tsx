import { useLayoutEffect, useRef, type ReactNode } from 'react';
import classes from './data_table.module.css';

interface DataTableProps {
  caption: string;
  /** Without a border of its own, inside a box that has one. */
  plain?: boolean;
  /** The display has lost the server: the rows are the last known. */
  frozen?: boolean;
  /** On a phone each row is a card whose cells carry the names of their columns; not for tables that are sorted by their head. */
  stacks?: boolean;
  head: ReactNode;
  children: ReactNode;
}

/** Gives each cell the name of its column, which a card shows beside it. */
function nameCells(table: HTMLTableElement) {
  const names = Array.from(table.tHead?.rows[0]?.cells ?? [], (cell) => cell.textContent);
  for (const body of table.tBodies) {
    for (const row of body.rows) {
      for (const cell of row.cells) {
        const name = names[cell.cellIndex];
        if (cell.tagName === 'TD' && name) cell.dataset['column'] = name;
      }
    }
  }
}

/** A table that scrolls inside its own frame, so that the page never scrolls sideways. */
export function DataTable({ caption, plain = false, frozen = false, stacks = false, head, children }: DataTableProps) {
  const table = useRef<HTMLTableElement>(null);
  useLayoutEffect(() => {
    if (stacks && table.current !== null) nameCells(table.current);
  });
  return (
    // A scrolling region is reached by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes['frame']} role="region" aria-label={caption} tabIndex={0} data-plain={plain || undefined} data-frozen={frozen || undefined}
      data-stacks={stacks || undefined}>
      <table className={classes['table']} ref={table}>
        <caption className={classes['caption']}>{caption}</caption>
        <thead><tr>{head}</tr></thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
