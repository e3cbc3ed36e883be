import { useTranslation } from 'react-i18next';
import type { DeliveryCounts } from '../api/types';
import { useFormat } from '../ui/use_format';
import classes from './balances.module.css';

interface Term { name: string; count: number }

/** Both balances of a delivery as sums that a person can check. */
export function Balances({ counts }: { counts: DeliveryCounts }) {
  const { t } = useTranslation();
  return (
    <div className={classes['balances']}>
      <Balance
        total={{ name: t('delivery.balance_rows'), count: counts.raw_rows }}
        terms={[
          { name: t('delivery.mapped'), count: counts.mapped },
          { name: t('delivery.skipped'), count: counts.skipped },
          { name: t('delivery.refused_rows'), count: counts.refused },
        ]}
      />
      <Balance
        total={{ name: t('delivery.balance_candidates'), count: counts.candidates }}
        terms={[
          { name: t('delivery.accepted'), count: counts.accepted },
          { name: t('delivery.repeated'), count: counts.repeated },
          { name: t('delivery.in_conflict'), count: counts.in_conflict },
          { name: t('delivery.quarantined'), count: counts.quarantined },
        ]}
      />
    </div>
  );
}

function Balance({ total, terms }: { total: Term; terms: readonly Term[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const difference = total.count - terms.reduce((sum, term) => sum + term.count, 0);
  return (
    <div className={classes['balance']} data-testid="balance" data-balanced={difference === 0}>
      <p className={classes['total']}><strong>{format.count(total.count)}</strong> {total.name}</p>
      <ul className={classes['terms']}>
        {terms.map((term) => (
          <li key={term.name} data-zero={term.count === 0 || undefined}><strong>{format.count(term.count)}</strong> {term.name}</li>
        ))}
      </ul>
      <p className={classes['verdict']} data-balanced={difference === 0}>
        {difference === 0 ? t('delivery.balanced') : t('delivery.not_balanced', { difference: format.decimal(String(difference), 0) })}
      </p>
    </div>
  );
}
