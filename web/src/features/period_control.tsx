import { Button, NativeSelect } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePeriods } from '../api/queries';
import type { Period } from '../api/types';
import { kindOf, periodContaining, periodKinds, shiftPeriod } from '../ui/period';
import { toLocalField } from '../ui/time_format';
import { useFormat } from '../ui/use_format';
import classes from './controls.module.css';
import { useScreenParameters } from './use_screen_parameters';

const calendar = 'calendar';
/** One choice: a kind of a regime. */
const choiceOf = (period: Pick<Period, 'regime' | 'kind'>) => `${period.regime}/${period.kind}`;

/** The choices of the center's own regimes at a past moment or today, in groups by regime. */
function useDeclaredPeriods(asOf: string | null) {
  const format = useFormat();
  const periods = usePeriods(asOf === null ? null : toLocalField(new Date(asOf), format.timeZone).slice(0, 10)).data?.items;
  const declared = useMemo(() => (periods ?? []).filter((period) => period.regime !== calendar), [periods]);
  const groups = useMemo(() => [...new Set(declared.map((period) => period.regime))].map((regime) => {
    const own = declared.filter((period) => period.regime === regime);
    return {
      group: format.text(own[0]?.regime_title ?? {}),
      items: own.map((period) => ({ value: choiceOf(period), label: format.text(period.kind_title ?? {}) })),
    };
  }), [declared, format]);
  return { declared, groups };
}

/**
 * Chooses the current periods, or one period of a kind of a regime and its neighbours. `shown` is the
 * period that the screen shows, which knows its neighbours; null while it is on its way.
 */
export function PeriodControl({ shown }: { shown: Period | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { get, change } = useScreenParameters();
  const period = get('period');
  const asOf = get('as_of');
  const { declared, groups } = useDeclaredPeriods(asOf);
  const own = period === null || shown?.text !== period ? null : shown;
  const kind = period === null ? null : kindOf(period);
  const chosen = period === null ? '' : kind !== null ? `${calendar}/${kind}` : own ? choiceOf(own) : '';
  const choose = (choice: string) => {
    const kindOfCalendar = periodKinds.find((one) => `${calendar}/${one}` === choice);
    const text = kindOfCalendar ? periodContaining(kindOfCalendar, new Date(asOf ?? Date.now()), format.timeZone) : declared.find((one) => choiceOf(one) === choice)?.text;
    change({ period: text ?? null, passport: null });
  };
  const stepTo = (steps: 1 | -1) => (kind !== null && period !== null ? shiftPeriod(period, steps) : (steps === 1 ? own?.next : own?.previous) ?? null);
  const step = (steps: 1 | -1, name: 'previous' | 'next', sign: string) => {
    const text = stepTo(steps);
    return <Button variant="default" px="xs" aria-label={t(`period.${name}`)} disabled={text === null} onClick={() => { change({ period: text, passport: null }); }}>{sign}</Button>;
  };
  return (
    <div className={classes['group']}>
      <NativeSelect
        aria-label={t('period.label')} value={chosen} onChange={(event) => { choose(event.currentTarget.value); }}
        data={[
          { value: '', label: t('period.current') },
          { group: t('period.calendar'), items: periodKinds.map((one) => ({ value: `${calendar}/${one}`, label: t(`period.kind.${one as 'day'}`) })) },
          ...groups,
        ]}
      />
      {period !== null && (
        <div className={classes['steps']}>
          {step(-1, 'previous', '←')}
          <span className={classes['period']}>{format.periodOf(own ?? { text: period })}</span>
          {step(1, 'next', '→')}
        </div>
      )}
    </div>
  );
}
