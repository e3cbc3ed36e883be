import { Button, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PeriodKind } from '../api/types';
import { kindOf, periodContaining, periodKinds, shiftPeriod } from '../ui/period';
import { useFormat } from '../ui/use_format';
import classes from './controls.module.css';
import { useScreenParameters } from './use_screen_parameters';

/** Chooses the current periods, or one period of a kind and its neighbours. */
export function PeriodControl() {
  const { t } = useTranslation();
  const format = useFormat();
  const { get, change } = useScreenParameters();
  const period = get('period');
  const choose = (kind: string) => {
    const moment = new Date(get('as_of') ?? Date.now());
    change({ period: kind === '' ? null : periodContaining(kind as PeriodKind, moment, format.timeZone), passport: null });
  };
  const shift = (steps: number) => { if (period !== null) change({ period: shiftPeriod(period, steps), passport: null }); };
  return (
    <div className={classes['group']}>
      <NativeSelect
        aria-label={t('period.label')} value={period === null ? '' : kindOf(period) ?? ''}
        onChange={(event) => { choose(event.currentTarget.value); }}
        data={[{ value: '', label: t('period.current') }, ...periodKinds.map((kind) => ({ value: kind, label: t(`period.kind.${kind as 'day'}`) }))]}
      />
      {period !== null && (
        <div className={classes['steps']}>
          <Button variant="default" px="xs" aria-label={t('period.previous')} onClick={() => { shift(-1); }}>←</Button>
          <span className={classes['period']}>{format.period(period)}</span>
          <Button variant="default" px="xs" aria-label={t('period.next')} onClick={() => { shift(1); }}>→</Button>
        </div>
      )}
    </div>
  );
}
