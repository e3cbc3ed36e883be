import type { ReactNode } from 'react';
import classes from './facts.module.css';

/** Names with their values, aligned; the names come translated. `boxed` stands on the page by itself. */
export function Facts({ children, boxed = false }: { children: ReactNode; boxed?: boolean }) {
  return <dl className={classes['facts']} data-boxed={boxed || undefined}>{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes['fact']}>
      <dt className={classes['name']}>{name}</dt>
      <dd className={classes['value']}>{children}</dd>
    </div>
  );
}
