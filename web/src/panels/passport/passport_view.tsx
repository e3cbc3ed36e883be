import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Explanation, FigureWithPassport, Pace, Passport, Period, Trend } from '../../api/types';
import { DataTable } from '../../ui/data_table';
import { Fact, Facts } from '../../ui/facts';
import { JudgementBadge, TrustMarks } from '../../ui/judgement';
import { EmptyNote, LoadingLines, ProblemNotice } from '../../ui/notice';
import { ContractNotes } from '../../ui/contract_notes';
import { OldCodesNote } from '../../ui/old_codes';
import { Section } from '../../ui/page';
import { SourceStateLabel } from '../../ui/source_state';
import { useFormat } from '../../ui/use_format';
import type { PanelState } from '../panel_state';
import classes from './passport_view.module.css';
import { ComparisonsSection, ReportedSection, type Statement } from './reported_view';
import { RestatementSection } from './restatement_facts';
import { TrendView } from '../trend_view';

export type PassportPart = Passport['parts'][number];

export interface ShownPassport {
  figure: FigureWithPassport;
  trend: Trend | null;
  /** Null while the explanation is on its way. */
  changes: Pick<Explanation, 'changes' | 'changes_since'> | null;
  /** Of a reported figure what was ever stated; null while it is on its way. */
  statements?: readonly Statement[] | null;
}

interface PassportViewProps {
  state: PanelState<ShownPassport>;
  /** The display has lost the server: the sheet covers the banner, so it says so itself. */
  frozen?: boolean;
  /** Says why the figure changed. */
  why?: ReactNode;
  /** Draws the way from a part to its records or to its own passport. */
  linkTo: (part: PassportPart, figure: FigureWithPassport) => ReactNode;
  /** Draws the way from a statement to its original row. */
  linkToRow?: (statement: Statement) => ReactNode;
}

/** Its values are stated by somebody; it has no formula. */
function isReported(figure: FigureWithPassport): boolean {
  return figure.passport.formula === '';
}

/** Everything a figure answers for itself with. */
export function PassportView({ state, frozen = false, why = null, linkTo, linkToRow = () => null }: PassportViewProps) {
  const { t } = useTranslation();
  if (state.kind === 'loading') return <LoadingLines lines={10} />;
  if (state.kind === 'failed') return <ProblemNotice problem={state.problem} onRetry={state.retry} />;
  const { figure, trend, changes, statements = null } = state.data;
  return (
    <div className={classes['passport']} data-frozen={frozen || undefined} data-testid="passport-view">
      {frozen && <p className={classes['frozen']}>{t('live.frozen_banner')} {t('live.frozen_hint')}</p>}
      <PassportHead figure={figure} />
      {isReported(figure) ? <ReportedSection figure={figure} statements={statements} linkTo={linkToRow} /> : <Parts figure={figure} linkTo={linkTo} />}
      <RestatementSection figure={figure} />
      {figure.passport.comparisons.length > 0 && <ComparisonsSection figure={figure} />}
      <Origin figure={figure} />
      {trend !== null && trend.length > 1 && <TrendSection figure={figure} trend={trend} frozen={frozen} />}
      {why}
      <Changes changes={changes} figure={figure} />
    </div>
  );
}

function PassportHead({ figure }: { figure: FigureWithPassport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const unit = format.unitOfMeasure(figure.unit_of_measure);
  const exact = (value: string) => format.amount(value, null, figure.unit_of_measure);
  const { thresholds } = figure;
  return (
    <>
      <p className={classes['value']} data-silent={figure.trust_marks.includes('silent') || undefined}>
        {figure.value === null
          ? t(figure.no_value_reason === null ? 'figure.no_value' : `no_value_reason.${figure.no_value_reason}`)
          : <><span className={classes['number']}>{format.decimal(figure.value, figure.decimals)}</span> {unit}</>}
      </p>
      <div className={classes['marks']}><JudgementBadge figure={figure} /><TrustMarks marks={figure.trust_marks} /></div>
      <Facts>
        <Fact name={t('passport.unit')}>{format.text(figure.unit.name)} <span className={classes['dim']}>{figure.unit.code}</span></Fact>
        <Fact name={t('passport.period')}>
          {format.periodOf(figure.period)}
          {figure.period.regime !== 'calendar' && <span className={classes['note']}>{t('period.regime', { regime: format.text(figure.period.regime_title ?? {}) })}</span>}
          <span className={classes['note']}>{t('passport.from_to', { from: format.moment(figure.period.from), to: format.moment(figure.period.to) })}</span>
          <DueNote period={figure.period} />
        </Fact>
        {figure.value !== null && <Fact name={t('passport.value_exact')}>{exact(figure.value)}</Fact>}
        <Fact name={t('passport.target')}>{figure.target === null ? t('passport.none') : exact(figure.target)}</Fact>
        {figure.pace !== null && <Fact name={t('passport.pace')}><PaceText figure={figure} pace={figure.pace} /></Fact>}
        <Fact name={t('passport.thresholds')}>
          {thresholds === null ? t('passport.none') : (
            <>
              {t(figure.better === 'lower' ? 'passport.thresholds_lower' : 'passport.thresholds_higher', { good: exact(thresholds.good), watch: exact(thresholds.watch) })}
              <span className={classes['note']}>{t('passport.basis', { basis: format.text(thresholds.basis) })}</span>
            </>
          )}
        </Fact>
      </Facts>
    </>
  );
}

/** What is done of the target, and what each working day that is left must bring. */
function PaceText({ figure, pace }: { figure: FigureWithPassport; pace: Pace }) {
  const { t } = useTranslation();
  const format = useFormat();
  const amount = (value: string) => format.amount(value, 1, figure.unit_of_measure);
  const days = { left: pace.working_days_left, all: pace.working_days };
  return (
    <>
      {t('passport.pace_share', { share: format.decimal(pace.share, 1) })}
      <span className={classes['note']}>{pace.working_days_left === 0 ? t('passport.pace_over') : t('passport.pace_left', days)}</span>
      {Number(pace.remaining) === 0 && <span className={classes['note']}>{t('passport.pace_reached')}</span>}
      {pace.needed_per_working_day !== null && Number(pace.remaining) > 0 && (
        <span className={classes['note']}>{t('passport.pace_needed', { amount: amount(pace.needed_per_working_day) })}</span>
      )}
      {pace.expected !== null && pace.working_days_left > 0 && (
        <span className={classes['note']}>{t('passport.pace_expected', { amount: amount(pace.expected) })}</span>
      )}
      {pace.coverage !== 'decided' && <span className={classes['note']}>{t(`pace_coverage.${pace.coverage}`)}</span>}
    </>
  );
}

function Parts({ figure, linkTo }: { figure: FigureWithPassport; linkTo: PassportViewProps['linkTo'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Section title={t('passport.formula')}>
      <code className={classes['formula']}>{figure.passport.formula}</code>
      <DataTable
        caption={t('passport.parts')}
        head={<><th scope="col">{t('passport.part')}</th><th scope="col" data-align="end">{t('passport.part_value')}</th><th scope="col">{t('passport.part_records')}</th></>}
      >
        {figure.passport.parts.map((part) => (
          <tr key={part.name}>
            <th scope="row">{format.text(part.title)}<span className={classes['note']}><code>{part.name}</code></span></th>
            <td data-align="end">{part.value === null ? '–' : format.decimal(part.value, null)}</td>
            <td>{linkTo(part, figure)}</td>
          </tr>
        ))}
      </DataTable>
    </Section>
  );
}

function Origin({ figure }: { figure: FigureWithPassport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { passport } = figure;
  const moment = (value: string | null) => (value === null ? t('passport.none') : format.moment(value, true));
  return (
    <Facts>
      <Fact name={t('passport.sources')}>
        <ul className={classes['sources']}>
          {passport.sources.map((source) => (
            <li key={source.name}>
              {format.text(source.title)} <SourceStateLabel state={source.state} />
              {source.simulated && <TrustMarks marks={['simulated']} />}
              {source.old_codes && <OldCodesNote sent={source.old_codes} />}
              {source.since !== null && <span className={classes['note']}>{t('sources.since', { moment: format.moment(source.since, true) })}</span>}
              {source.paused && <span className={classes['note']}>{t('sources.paused_for', { reason: source.paused.reason })}</span>}
              {source.trouble && <span className={classes['note']}>{t('sources.trouble', { moment: format.moment(source.trouble.since, true) })} {source.trouble.reason}</span>}
              <ContractNotes standing={source.contract_standing} />
              {source.last_sign_of_life !== null && <span className={classes['note']}>{t('sources.age')}: {format.moment(source.last_sign_of_life, true)}</span>}
            </li>
          ))}
        </ul>
      </Fact>
      <Fact name={t('passport.data_as_of')}>{moment(passport.data_as_of)}</Fact>
      <Fact name={t('passport.received_at')}>{moment(passport.received_at)}</Fact>
      <Fact name={t('passport.age')}>{passport.age_seconds === null ? t('passport.none') : t('passport.age_value', { duration: format.duration(passport.age_seconds) })}</Fact>
      <Fact name={t('passport.promise')}>
        {passport.freshness_promise_seconds === null ? t('passport.none') : t('passport.promise_value', { duration: format.duration(passport.freshness_promise_seconds) })}
      </Fact>
      <Fact name={t('passport.deliveries')}>{format.count(passport.deliveries)}</Fact>
      <Fact name={t('passport.records')}>{format.count(passport.records)}</Fact>
      {passport.contradicted_records > 0 && <Fact name={t('passport.contradicted')}>{t('passport.contradicted_value', { records: format.count(passport.contradicted_records) })}</Fact>}
      <Fact name={t('passport.snapshot')}>
        {t('passport.snapshot_value', { sequence: format.count(passport.snapshot.sequence), tick: format.moment(passport.snapshot.tick, true), revision: passport.snapshot.center_revision })}
      </Fact>
    </Facts>
  );
}

function TrendSection({ figure, trend, frozen }: { figure: FigureWithPassport; trend: Trend; frozen: boolean }) {
  const { t } = useTranslation();
  return (
    <Section title={t('passport.trend')}>
      <TrendView frozen={frozen} state={{ kind: 'ready', data: { figure, trend } }} />
    </Section>
  );
}

function Changes({ changes, figure }: { changes: ShownPassport['changes']; figure: FigureWithPassport }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (isReported(figure) || changes?.changes_since === null) return null;
  if (changes === null) return <Section title={t('passport.changes')}><LoadingLines lines={2} /></Section>;
  const titleOf = (measure: string) => {
    const part = figure.passport.parts.find((other) => other.name === measure);
    return part ? format.text(part.title) : measure;
  };
  return (
    <Section title={t('passport.changes')} hint={t('passport.changes_since', { moment: format.moment(changes.changes_since ?? '') })}>
      {changes.changes.length === 0 ? <EmptyNote>{t('passport.no_changes')}</EmptyNote> : (
        <DataTable
          caption={t('passport.changes')}
          head={<>
            <th scope="col">{t('passport.measure')}</th><th scope="col">{t('passport.cause')}</th>
            <th scope="col" data-align="end">{t('passport.change_count')}</th><th scope="col" data-align="end">{t('passport.difference')}</th>
          </>}
        >
          {changes.changes.map((change) => (
            <tr key={`${change.measure} ${change.cause}`}>
              <th scope="row">{titleOf(change.measure)}</th>
              <td>{t(`cause.${change.cause}`)}</td>
              <td data-align="end">{format.count(change.count)}</td>
              <td data-align="end">{change.difference === null ? '–' : signed(format.decimal(change.difference, null))}</td>
            </tr>
          ))}
        </DataTable>
      )}
    </Section>
  );
}

function signed(shown: string): string {
  return shown.startsWith('\u2212') || shown === '0' ? shown : `+${shown}`;
}

/** When a report for the period falls due, and whether all holidays until then are decided. */
function DueNote({ period }: { period: Period }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!period.due_at) return null;
  const decided = period.due_coverage === 'decided';
  return (
    <span className={classes['note']} data-testid="due">
      {t('period.due', { moment: format.moment(period.due_at) })}{!decided && ` ${t('period.due_not_decided')}`}
    </span>
  );
}
