import { useTranslation } from 'react-i18next';
import type { FigureWithPassport, Passport } from '../../api/types';
import { DataTable } from '../../ui/data_table';
import { Section } from '../../ui/page';
import { useFormat } from '../../ui/use_format';
import classes from './passport_view.module.css';

type Restatement = NonNullable<Passport['restatement']>;

/** On the territory of a day: by which rule the figure was made of which units, and what is missing to tell it. */
export function RestatementSection({ figure }: { figure: FigureWithPassport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { restatement } = figure.passport;
  if (restatement === null) return null;
  const rule = t(`restatement.rule.${restatement.rule}`, { weight: restatement.weight ?? '' });
  const share = restatement.share === null ? null : t('restatement.share_by', { attribute: restatement.share });
  const day = format.periodOf({ text: restatement.territory }).toLocaleLowerCase();
  return (
    <Section title={t('restatement.title', { day })} hint={[rule, share].filter((text) => text !== null).join(' ')}>
      <Missing restatement={restatement} />
      {restatement.units.length > 0 && <Units restatement={restatement} figure={figure} />}
    </Section>
  );
}

function Missing({ restatement }: { restatement: Restatement }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (restatement.missing.length === 0) return null;
  return (
    <ul className={classes['sources']} data-testid="restatement-missing">
      {restatement.missing.map((gap) => (
        <li key={`${gap.unit.code} ${gap.reason} ${gap.name ?? ''}`}>
          <strong>{format.text(gap.unit.name)}</strong>: {t(`restatement.missing.${gap.reason}`, { name: gap.name ?? '' })}
        </li>
      ))}
    </ul>
  );
}

function Units({ restatement, figure }: { restatement: Restatement; figure: FigureWithPassport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const combined = restatement.units.some((unit) => unit.value !== null || unit.weight !== null);
  const exact = (value: string | null) => (value === null ? '–' : format.decimal(value, null));
  return (
    <DataTable
      caption={t('restatement.units')}
      head={<>
        <th scope="col">{t('passport.unit')}</th><th scope="col" data-align="end">{t('restatement.share')}</th>
        {combined && <><th scope="col" data-align="end">{format.text(figure.title)}</th><th scope="col" data-align="end">{t('restatement.weight')}</th></>}
      </>}
    >
      {restatement.units.map((unit) => (
        <tr key={`${unit.unit.code} ${unit.share ?? ''}`}>
          <th scope="row">{format.text(unit.unit.name)} <span className={classes['dim']}>{unit.unit.code}</span></th>
          <td data-align="end">{unit.share === null ? t('restatement.unknown') : unit.share === '1' ? t('restatement.whole') : format.decimal(unit.share, null)}</td>
          {combined && <><td data-align="end">{exact(unit.value)}</td><td data-align="end">{exact(unit.weight)}</td></>}
        </tr>
      ))}
    </DataTable>
  );
}
