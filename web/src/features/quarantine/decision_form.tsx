import { Button, Textarea } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QuarantineFilter } from '../../api/paths';
import { useSession } from '../../api/queries';
import { useDecide } from '../../api/quarantine_queries';
import type { DecidedRows, QuarantinedRow, QuarantineVerdict } from '../../api/types';
import { ProblemNotice } from '../../ui/notice';
import { Section } from '../../ui/page';
import classes from '../controls.module.css';

/** A decision, kept by whoever stays on the screen when the rows it is about leave the list; they leave while it is still under way. */
export function useRowDecision() {
  return useDecide(useSession().data?.csrf_token ?? null);
}

interface DecisionFormProps {
  filter: QuarantineFilter;
  /** Raw rows it is about. */
  count: number;
  /** None: nothing is left to be decided; what was done is told. */
  verdicts: readonly QuarantineVerdict[];
  decide: ReturnType<typeof useRowDecision>;
}

/** A reason and the decisions that are possible; each button says how many rows it is about. */
export function DecisionForm({ filter, count, verdicts, decide }: DecisionFormProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const isMissing = reason.trim() === '';
  const choose = (verdict: QuarantineVerdict) => () => {
    setTried(true);
    if (!isMissing) decide.mutate({ filter, verdict, reason, count }, { onSuccess: () => { setReason(''); setTried(false); } });
  };
  return (
    <div data-testid="decision">
      {verdicts.length > 0 && (
        <Textarea
          label={t('quarantine.decision_reason')} description={t('quarantine.decision_hint')} value={reason} required maxLength={500} rows={2}
          onChange={(event) => { setReason(event.currentTarget.value); }} error={tried && isMissing && t('quarantine.decision_reason_missing')}
        />
      )}
      <div className={classes['group']}>
        {verdicts.map((verdict) => (
          <Button key={verdict} variant="default" loading={decide.isPending} onClick={choose(verdict)}>{t(`verdict_action.${verdict}`, { count })}</Button>
        ))}
      </div>
      {decide.error && <ProblemNotice problem={decide.error} />}
      <DecisionResult done={decide.data ?? null} isLast={verdicts.length === 0} />
    </div>
  );
}

/** There before the result is, so that a screen reader tells it; takes the focus that the buttons leave. */
function DecisionResult({ done, isLast }: { done: DecidedRows | null; isLast: boolean }) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => { if (isLast && done !== null) place.current?.focus(); }, [isLast, done]);
  return (
    <div role="status" tabIndex={-1} ref={place} data-testid="decision-result">
      {done !== null && (
        <p>
          {t('quarantine.decided', { count: done.rows })}
          {done.still_open > 0 && <> {t('quarantine.still_open', { count: done.still_open })}</>}
        </p>
      )}
    </div>
  );
}

/** Raw rows of a list, each once. */
function countRawRows(rows: readonly QuarantinedRow[]): number {
  return new Set(rows.map((row) => `${row.delivery} ${row.dataset ?? ''} ${row.raw_row}`)).size;
}

/** Decides about all rows of the list at once, when all of them have been loaded; stays to tell what was done when the list is empty then. */
export function BulkDecision({ filter, rows, isWhole }: { filter: QuarantineFilter; rows: readonly QuarantinedRow[]; isWhole: boolean }) {
  const { t } = useTranslation();
  const decide = useRowDecision();
  if (!filter.open || (rows.length === 0 && decide.isIdle)) return null;
  return (
    <Section title={t('quarantine.bulk')} hint={t('quarantine.bulk_hint')}>
      {isWhole ? <DecisionForm filter={filter} count={countRawRows(rows)} verdicts={verdictsOfAll(rows)} decide={decide} /> : <p>{t('quarantine.bulk_load_all')}</p>}
    </Section>
  );
}

function verdictsOfAll(rows: readonly QuarantinedRow[]): QuarantineVerdict[] {
  if (rows.length === 0) return [];
  return rows.every((row) => row.acceptable) ? ['accepted', 'discarded'] : ['discarded'];
}
