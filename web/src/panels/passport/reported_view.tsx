import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Comparison, FigureHistory, FigureWithPassport } from '../../api/types';
import { DataTable } from '../../ui/data_table';
import { Fact, Facts } from '../../ui/facts';
import { EmptyNote, LoadingLines } from '../../ui/notice';
import { Section } from '../../ui/page';
import { useFormat } from '../../ui/use_format';
import classes from './passport_view.module.css';

export type Statement = FigureHistory['statements'][number];

interface ReportedSectionProps {
  figure: FigureWithPassport;
  /** Null while they are on their way. */
  statements: readonly Statement[] | null;
  /** Draws the way from a statement to the row it was read from. */
  linkTo: (statement: Statement) => ReactNode;
}

/** What somebody stated, how final it is, and everything that was stated before it. */
export function ReportedSection({ figure, statements, linkTo }: ReportedSectionProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const stated = figure.passport.reported;
  return (
    <Section title={t('passport.reported')}>
      {stated === null ? <EmptyNote>{t('passport.reported_none')}</EmptyNote> : (
        <Facts>
          <Fact name={t('passport.vintage')}>
            {format.text(stated.vintage_title)}
            {stated.last_vintage && <span className={classes['note']}>{t('passport.last_vintage')}</span>}
          </Fact>
          {stated.signer !== null && <Fact name={t('passport.signer')}>{stated.signer}</Fact>}
          {stated.note !== null && <Fact name={t('passport.statement_note')}>{stated.note}</Fact>}
          <Fact name={t('passport.stated_at')}>{format.moment(stated.recorded_at, true)}</Fact>
        </Facts>
      )}
      {stated !== null && (statements === null ? <LoadingLines lines={2} /> : <Statements figure={figure} statements={statements} linkTo={linkTo} />)}
    </Section>
  );
}

function Statements({ figure, statements, linkTo }: ReportedSectionProps & { statements: readonly Statement[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const exact = (value: string | null) => (value === null ? '–' : format.decimal(value, figure.decimals));
  return (
    <DataTable
      caption={t('passport.history')}
      head={<>
        <th scope="col">{t('passport.stated_at')}</th><th scope="col">{t('passport.vintage')}</th>
        <th scope="col" data-align="end">{t('passport.history_value')}</th><th scope="col" data-align="end">{t('passport.difference')}</th>
        <th scope="col">{t('passport.history_state')}</th>
      </>}
    >
      {statements.map((statement) => (
        <tr key={statement.version}>
          <th scope="row">
            {format.moment(statement.recorded_at, true)}
            <span className={classes['note']}>{[statement.signer, statement.note].filter((text) => text !== null).join(' · ')}</span>
          </th>
          <td>{format.text(statement.vintage_title)}</td>
          <td data-align="end">{exact(statement.value)}</td>
          <td data-align="end">{statement.difference === null ? '–' : signed(exact(statement.difference))}</td>
          <td>{t(`statement_state.${statement.state}`)}<span className={classes['note']}>{linkTo(statement)}</span></td>
        </tr>
      ))}
    </DataTable>
  );
}

/** What the declared cross-checks say: both values, the difference, and what is allowed. */
export function ComparisonsSection({ figure }: { figure: FigureWithPassport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const amount = (value: string | null) => (value === null ? '–' : format.decimal(value, null));
  return (
    <Section title={t('passport.comparisons')} hint={t('passport.comparisons_hint')}>
      <DataTable
        caption={t('passport.comparisons')}
        head={<>
          <th scope="col">{t('passport.check')}</th><th scope="col" data-align="end">{t('passport.compared_value')}</th>
          <th scope="col" data-align="end">{t('passport.compared_with')}</th><th scope="col" data-align="end">{t('passport.difference')}</th>
          <th scope="col">{t('passport.agreement')}</th>
        </>}
      >
        {figure.passport.comparisons.map((comparison) => (
          <tr key={`${comparison.check} ${comparison.unit.code}`} data-agreement={comparison.agreement}>
            <th scope="row">{format.text(comparison.title)}<span className={classes['note']}>{format.text(comparison.unit.name)}</span></th>
            <td data-align="end">{amount(comparison.value)}</td>
            <td data-align="end">
              {amount(comparison.other)}
              {comparison.kind === 'parts' && <span className={classes['note']}>{t('passport.sum_of_parts', { parts: format.count(comparison.parts) })}</span>}
            </td>
            <td data-align="end">
              {comparison.difference === null ? '–' : signed(amount(comparison.difference))}
              {comparison.allowed !== null && <span className={classes['note']}>{t('passport.allowed', { amount: amount(comparison.allowed) })}</span>}
            </td>
            <td><Agreement comparison={comparison} /></td>
          </tr>
        ))}
      </DataTable>
    </Section>
  );
}

function Agreement({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { reason, missing } = comparison;
  return (
    <>
      {t(`agreement.${comparison.agreement}`)}
      {reason !== null && <span className={classes['note']}>{t(`comparison_reason.${reason}`)}</span>}
      {missing.length > 0 && <span className={classes['note']}>{t('passport.missing', { units: missing.map((unit) => format.text(unit.name)).join(', ') })}</span>}
    </>
  );
}

function signed(shown: string): string {
  return shown.startsWith('\u2212') || shown === '0' || shown === '–' ? shown : `+${shown}`;
}
