import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toLocalField } from '../ui/time_format';
import { useFormat } from '../ui/use_format';
import classes from './controls.module.css';
import { useScreenParameters } from './use_screen_parameters';

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** Chooses the territory that figures are asked on: as reported, that of today, or that of a day. */
export function TerritoryControl() {
  const { t } = useTranslation();
  const { timeZone } = useFormat();
  const { get, change } = useScreenParameters();
  const territory = get('territory');
  const [dated, setDated] = useState(false);
  const today = toLocalField(new Date(), timeZone).slice(0, 10);
  const withDay = territory !== null && (dated || territory !== today);
  const ask = (day: string | null) => { change({ territory: day, passport: null }); };
  const choose = (choice: string) => {
    setDated(choice === 'day');
    ask(choice === '' ? null : today);
  };
  return (
    <div className={classes['group']}>
      <NativeSelect
        aria-label={t('territory.label')} value={territory === null ? '' : withDay ? 'day' : 'today'} onChange={(event) => { choose(event.currentTarget.value); }}
        data={[
          { value: '', label: t('territory.as_reported') }, { value: 'today', label: t('territory.today') }, { value: 'day', label: t('territory.of_day') },
        ]}
      />
      {withDay && (
        <TextInput
          key={territory} type="date" aria-label={t('territory.day')} defaultValue={territory}
          onChange={(event) => { if (dayPattern.test(event.currentTarget.value)) ask(event.currentTarget.value); }}
        />
      )}
    </div>
  );
}

/** Says that the figures are restated on the territory of a day; nothing as reported. */
export function TerritoryBanner() {
  const { t } = useTranslation();
  const format = useFormat();
  const { get, change } = useScreenParameters();
  const territory = get('territory');
  if (territory === null) return null;
  const shown = dayPattern.test(territory) ? format.periodOf({ text: territory }) : territory;
  return (
    <div className={classes['restated']} role="status" data-testid="territory-banner">
      <span>{t('territory.banner', { day: shown.toLocaleLowerCase() })}</span>
      <Button size="compact-sm" variant="default" onClick={() => { change({ territory: null, passport: null }); }}>{t('territory.back')}</Button>
    </div>
  );
}
