import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QuarantineFilter } from '../../api/paths';
import { useSession } from '../../api/queries';
import { useDecide } from '../../api/quarantine_queries';
import type { QuarantinedRow, QuarantineVerdict } from '../../api/types';
import { ProblemNotice } from '../../ui/notice';
import { Section } from '../../ui/page';
import classes from '../controls.module.css';

interface DecisionFormProps {
  filter: QuarantineFilter;
  /** Raw rows it is about. */
  count: number;
  verdicts: readonly QuarantineVerdict[];
}

/** A reason and the decisions that are possible; each button says how many rows it is about. */
export function DecisionForm({ filter, count, verdicts }: DecisionFormProps) {
  const { t } = useTranslation();
  const decide = useDecide(useSession().data?.csrf_token ?? null);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const isMissing = reason.trim() === '';
  const choose = (verdict: QuarantineVerdict) => () => {
    setTried(true);
    if (!isMissing) decide.mutate({ filter, verdict, reason, count }, { onSuccess: () => { setReason(''); setTried(false); } });
  };
  return (
    <div data-testid="decision">
      <Textarea
        label={t('quarantine.decision_reason')} description={t('quarantine.decision_hint')} value={reason} required maxLength={500} rows={2}
        onChange={(event) => { setReason(event.currentTarget.value); }} error={tried && isMissing && t('quarantine.decision_reason_missing')}
      />
      <div className={classes['group']}>
        {verdicts.map((verdict) => (
          <Button key={verdict} variant="default" loading={decide.isPending} onClick={choose(verdict)}>{t(`verdict_action.${verdict}`, { count })}</Button>
        ))}
      </div>
      {decide.error && <ProblemNotice problem={decide.error} />}
      {decide.data && (
        <p role="status">
          {t('quarantine.decided', { count: decide.data.rows })}
          {decide.data.still_open > 0 && <> {t('quarantine.still_open', { count: decide.data.still_open })}</>}
        </p>
      )}
    </div>
  );
}

/** Raw rows of a list, each once. */
function countRawRows(rows: readonly QuarantinedRow[]): number {
  return new Set(rows.map((row) => `${row.delivery} ${row.dataset ?? ''} ${row.raw_row}`)).size;
}

/** Decides about all rows of the list at once, when all of them have been loaded. */
export function BulkDecision({ filter, rows, isWhole }: { filter: QuarantineFilter; rows: readonly QuarantinedRow[]; isWhole: boolean }) {
  const { t } = useTranslation();
  if (!filter.open) return null;
  const verdicts: QuarantineVerdict[] = rows.every((row) => row.acceptable) ? ['accepted', 'discarded'] : ['discarded'];
  return (
    <Section title={t('quarantine.bulk')} hint={t('quarantine.bulk_hint')}>
      {isWhole ? <DecisionForm filter={filter} count={countRawRows(rows)} verdicts={verdicts} /> : <p>{t('quarantine.bulk_load_all')}</p>}
    </Section>
  );
}
