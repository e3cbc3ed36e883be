import type { ReactNode } from 'react';
import classes from './facts.module.css';

/** Names with their values, aligned; the names come translated. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={classes['facts']}>{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes['fact']}>
      <dt className={classes['name']}>{name}</dt>
      <dd className={classes['value']}>{children}</dd>
    </div>
  );
}
