import { useState, type ReactNode } from 'react';
import classes from './changed.module.css';

/** Marks its content for a moment when `value` became another one while it was shown; never at first. */
export function Changed({ value, children }: { value: string | null; children: ReactNode }) {
  const [seen, setSeen] = useState({ value, times: 0 });
  if (seen.value !== value) setSeen({ value, times: seen.times + 1 });
  return <span key={seen.times} className={classes['value']} data-changed={seen.times > 0 || undefined}>{children}</span>;
}
