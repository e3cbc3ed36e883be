import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { componentStates, type ComponentState } from './samples';
import classes from './specimen.module.css';

/** One component in one state under the state's name. */
export function Specimen({ state, children }: { state: ComponentState; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className={classes['specimen']} data-testid="specimen" data-state={state}>
      <p className={classes['state']}>{t(`component_state.${state}`)}</p>
      {children}
    </div>
  );
}

interface SpecimensProps {
  id: string;
  title: string;
  /** What the component is for, in a sentence. */
  contract: string;
  size: 'small' | 'medium' | 'large';
  children: (state: ComponentState) => ReactNode;
}

/** One component in every state. */
export function Specimens({ id, title, contract, size, children }: SpecimensProps) {
  return (
    <section id={id} className={classes['section']} aria-label={title}>
      <h2>{title}</h2>
      <p className={classes['contract']}>{contract}</p>
      <div className={classes['specimens']} data-size={size}>
        {componentStates.map((state) => <Specimen key={state} state={state}>{children(state)}</Specimen>)}
      </div>
    </section>
  );
}
