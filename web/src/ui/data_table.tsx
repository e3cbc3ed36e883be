import type { ReactNode } from 'react';
import classes from './data_table.module.css';

interface DataTableProps {
  caption: string;
  /** Without a border of its own, inside a box that has one. */
  plain?: boolean;
  /** The display has lost the server: the rows are the last known. */
  frozen?: boolean;
  head: ReactNode;
  children: ReactNode;
}

/** A table that scrolls inside its own frame, so that the page never scrolls sideways. */
export function DataTable({ caption, plain = false, frozen = false, head, children }: DataTableProps) {
  return (
    // A scrolling region is reached by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes['frame']} role="region" aria-label={caption} tabIndex={0} data-plain={plain || undefined} data-frozen={frozen || undefined}>
      <table className={classes['table']}>
        <caption className={classes['caption']}>{caption}</caption>
        <thead><tr>{head}</tr></thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
