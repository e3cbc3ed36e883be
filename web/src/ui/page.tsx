import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './page.module.css';

interface PageProps {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** Head and body of one screen; names the browser's tab after it. */
export function Page({ title, lead, actions, children }: PageProps) {
  const product = useTranslation().t('app.name');
  useEffect(() => { document.title = `${title} – ${product}`; }, [title, product]);
  return (
    <div className={classes['page']}>
      <header className={classes['head']}>
        <div>
          {lead !== undefined && <div className={classes['lead']}>{lead}</div>}
          <h1>{title}</h1>
        </div>
        {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a screen under its own heading. */
export function Section({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className={classes['section']}>
      <h2>{title}</h2>
      {hint !== undefined && <p className={classes['hint']}>{hint}</p>}
      {children}
    </section>
  );
}
