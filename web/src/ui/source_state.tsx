import { useTranslation } from 'react-i18next';
import type { SourceState } from '../api/types';
import classes from './source_state.module.css';

/** The state of a source as word, form and colour. */
export function SourceStateLabel({ state }: { state: SourceState }) {
  const { t } = useTranslation();
  return <span className={classes['state']} data-state={state}>{t(`source_state.${state}`)}</span>;
}
