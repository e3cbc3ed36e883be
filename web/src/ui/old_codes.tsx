import { useTranslation } from 'react-i18next';
import type { OldCodes } from '../api/types';
import { TrustMarks } from './judgement';
import classes from './old_codes.module.css';
import { useFormat } from './use_format';

/** That a source goes on naming units by codes which have ended, and in which delivery it did. */
export function OldCodesNote({ sent }: { sent: NonNullable<OldCodes> }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <span className={classes['note']}>
      <TrustMarks marks={['old_codes']} />{' '}
      {t('sources.old_codes', { rows: format.count(sent.rows), delivery: sent.delivery, ended: format.value(sent.ended, 'date') })}
    </span>
  );
}
