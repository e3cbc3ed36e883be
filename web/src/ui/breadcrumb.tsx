import { Link } from 'react-router';
import classes from './breadcrumb.module.css';

export interface Step { key: string; name: string; to: string }

/** The way from the root to what is shown; the last step is where the reader is. */
export function Breadcrumb({ label, steps }: { label: string; steps: readonly Step[] }) {
  return (
    <nav aria-label={label}>
      <ol className={classes['path']}>
        {steps.map((step, index) => (
          <li key={step.key}>
            {index === steps.length - 1 ? <span aria-current="page">{step.name}</span> : <Link to={step.to}>{step.name}</Link>}
          </li>
        ))}
      </ol>
    </nav>
  );
}
