import { useTranslation } from 'react-i18next';
import type { Source } from '../api/types';
import { ContractNotes } from '../ui/contract_notes';
import { OldCodesNote } from '../ui/old_codes';
import { SourceStateLabel } from '../ui/source_state';
import { useFormat } from '../ui/use_format';

/** How a source stands, since when, why, and what is to be done. */
export function SourceStanding({ source }: { source: Source }) {
  const { t } = useTranslation();
  const format = useFormat();
  const help = source.state === 'live' ? null : t(`source_help.${source.state}`, { owner: format.text(source.owner) });
  return (
    <>
      <SourceStateLabel state={source.state} />
      {source.since !== null && <> {t('sources.since', { moment: format.moment(source.since, true) })}</>}
      <br />{t(`source_answer.${source.answer}`)}
      {source.paused && <><br />{t('sources.paused', { reason: source.paused.reason, by: source.paused.by })}</>}
      {source.trouble && <><br />{t('sources.trouble', { moment: format.moment(source.trouble.since, true) })} {source.trouble.message || source.trouble.reason}</>}
      <ContractNotes standing={source.contract_standing} />
      {source.connection?.phase === 'held_back' && <><br />{t('sources.held_back')} {source.connection.message}</>}
      {source.old_codes && <><br /><OldCodesNote sent={source.old_codes} /></>}
      {help !== null && <><br />{help}</>}
    </>
  );
}

/** When a source is asked next, and by when it must be heard of. */
export function NextExpected({ source }: { source: Source }) {
  const { t } = useTranslation();
  const format = useFormat();
  const asked = source.connection?.next_at ?? null;
  if (asked === null && source.expected_by === null) return '–';
  return (
    <>
      {asked !== null && <>{t('sources.asked_at', { moment: format.moment(asked, true) })}<br /></>}
      {source.expected_by !== null && t('sources.expected_by', { moment: format.moment(source.expected_by, true) })}
    </>
  );
}
