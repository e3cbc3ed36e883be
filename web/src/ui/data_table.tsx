import type { ReactNode } from 'react';
import classes from './data_table.module.css';

interface DataTableProps {
  caption: string;
  head: ReactNode;
  children: ReactNode;
}

/** A table that scrolls inside its own frame, so that the page never scrolls sideways. */
export function DataTable({ caption, head, children }: DataTableProps) {
  return (
    // A scrolling region is reached by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes['frame']} role="region" aria-label={caption} tabIndex={0}>
      <table className={classes['table']}>
        <caption className={classes['caption']}>{caption}</caption>
        <thead><tr>{head}</tr></thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
