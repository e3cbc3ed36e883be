import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContractSent, ContractStanding, ControlTotals, SchemaDrift, TrustMark, UnusualVolume } from '../api/types';
import { TrustMarks } from './judgement';
import classes from './contract_notes.module.css';
import { useFormat } from './use_format';

type Told<Thing> = NonNullable<Thing>;

/** In which words the rows stand to what was told of them. */
function wordsOf(control: Told<ControlTotals>, told: number) {
  if (control.outcome !== 'incomplete') return control.outcome;
  if (control.rows_arrived > told) return 'more';
  if (control.rows_accepted < told) return 'incomplete';
  return control.sums.some((sum) => sum.agrees === false) ? 'sums' : 'keys';
}

/** "44 of 48 rows", in red unless all came and were accepted. */
export function ControlTotalsText({ control }: { control: Told<ControlTotals> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const text = control.rows_told === null
    ? t(`contract.outcome.${control.outcome}`)
    : t(`contract.rows.${wordsOf(control, control.rows_told)}`, { accepted: format.count(control.rows_accepted), arrived: format.count(control.rows_arrived), told: format.count(control.rows_told) });
  return <span className={control.outcome === 'complete' ? undefined : classes['broken']} data-testid="control-totals" data-outcome={control.outcome}>{text}</span>;
}

/** The rows that are missing, as far as they are known, and the sums that differ. */
export function MissingRows({ control }: { control: Told<ControlTotals> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const differing = control.sums.filter((sum) => sum.agrees === false);
  const more = control.missing - control.named.length;
  if (control.outcome !== 'incomplete' || (control.named.length === 0 && differing.length === 0)) return null;
  return (
    <ul className={classes['list']} data-testid="missing-rows">
      {control.named.map((row, index) => (
        <li key={index}>
          <code>{row.key ?? t('contract.unknown_key')}</code> – {row.raw_row === null ? t('contract.not_sent') : t('contract.set_aside', { row: format.count(row.raw_row), reason: t(`reason.${row.reason as 'not_allowed'}`) })}
        </li>
      ))}
      {control.named.length > 0 && more > 0 && <li>{t('contract.more_missing', { rows: format.count(more) })}</li>}
      {differing.map((sum) => (
        <li key={`${sum.dataset}.${sum.column}`}>
          {t('contract.sum', { column: `${sum.dataset}.${sum.column}`, told: sum.told === null ? '–' : format.value(sum.told, 'decimal'), accepted: sum.accepted === null ? '–' : format.value(sum.accepted, 'decimal') })}
        </li>
      ))}
    </ul>
  );
}

const types = { number: 'contract.type.number', text: 'contract.type.text', date_day_first: 'contract.type.date_day_first', date_year_first: 'contract.type.date_year_first' } as const;
const isType = (word: string | null): word is keyof typeof types => word !== null && word in types;

/** The text of a change, and by how many times values are larger or smaller when its unit is another one. */
function changeText(change: Told<SchemaDrift>['changes'][number]) {
  const power = Number(change.now);
  if (change.kind !== 'unit_changed') return { key: `contract.drift.${change.kind}`, times: 1 } as const;
  return { key: power > 0 ? 'contract.drift.unit_larger' : 'contract.drift.unit_smaller', times: 10 ** Math.abs(power) } as const;
}

/** What changed in the raw columns, one line for each. */
export function DriftList({ drift }: { drift: Told<SchemaDrift> }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ul className={classes['list']} data-testid="schema-drift">
      {drift.changes.map((change, index) => (
        <li key={index}>
          {t(changeText(change).key, {
            column: change.column,
            times: format.count(changeText(change).times),
            was: change.kind === 'type_changed' && isType(change.was) ? t(types[change.was]) : change.was,
            now: change.kind === 'type_changed' && isType(change.now) ? t(types[change.now]) : change.now,
          })}
        </li>
      ))}
      {drift.more > 0 && <li>{t('contract.more_changes', { changes: format.count(drift.more) })}</li>}
    </ul>
  );
}

/** A reason in the words of the screen's language, where it is one of contracts; else the server's message. */
export function ReasonText({ reason, message }: { reason: string; message: string }) {
  const { t } = useTranslation();
  return <>{reason === 'control_totals' || reason === 'schema_drift' ? t(`contract.event.${reason}`) : message || reason}</>;
}

export function UnusualVolumeText({ volume }: { volume: Told<UnusualVolume> }) {
  const { t } = useTranslation();
  const format = useFormat();
  return <>{t(volume.learnt ? 'contract.volume_learnt' : 'contract.volume_declared', { rows: format.count(volume.rows), least: format.count(volume.least), most: format.count(volume.most) })}</>;
}

function Note({ mark, sent, children }: { mark: TrustMark; sent: Told<ContractSent>; children?: ReactNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className={classes['note']} data-testid="contract-note" data-mark={mark}>
      <TrustMarks marks={[mark]} /> {t('contract.of_delivery', { delivery: sent.delivery, moment: format.moment(sent.received_at, true) })} {children}
    </div>
  );
}

/** What the deliveries of a source have left standing of its contract; nothing when all is kept. */
export function ContractNotes({ standing }: { standing: ContractStanding }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { incomplete, control_total_missing: untold, drifting, unusual_volume: unusual } = standing;
  return (
    <>
      {incomplete?.control_totals && (
        <Note mark="incomplete" sent={incomplete}>
          <ControlTotalsText control={incomplete.control_totals} />
          {standing.incomplete_deliveries > 1 && <> {t('contract.more_incomplete', { deliveries: format.count(standing.incomplete_deliveries) })}</>}
        </Note>
      )}
      {untold && <Note mark="control_total_missing" sent={untold} />}
      {drifting?.drift && <Note mark="drifting" sent={drifting}><DriftList drift={drifting.drift} /></Note>}
      {unusual?.unusual_volume && <Note mark="unusual_volume" sent={unusual}><UnusualVolumeText volume={unusual.unusual_volume} /></Note>}
    </>
  );
}
