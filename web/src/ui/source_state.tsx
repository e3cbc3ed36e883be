import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SourceState } from '../api/types';
import classes from './source_state.module.css';

/** The state of a source as word, form and colour; `children` say more than the word alone. */
export function SourceStateLabel({ state, children }: { state: SourceState; children?: ReactNode }) {
  const { t } = useTranslation();
  return <span className={classes['state']} data-state={state}>{children ?? t(`source_state.${state}`)}</span>;
}
