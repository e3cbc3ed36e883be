import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fromLocalField, toLocalField } from '../ui/time_format';
import { useFormat } from '../ui/use_format';
import classes from './controls.module.css';
import { useScreenParameters } from './use_screen_parameters';

/** Chooses the past moment that the screen is shown as of. */
export function AsOfControl() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (!open) {
    return <Button variant="default" onClick={() => { setOpen(true); }}>{t('as_of.open')}</Button>;
  }
  return <AsOfForm onDone={() => { setOpen(false); }} />;
}

function AsOfForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const { timeZone } = useFormat();
  const { get, change } = useScreenParameters();
  const [local, setLocal] = useState(() => toLocalField(new Date(get('as_of') ?? Date.now()), timeZone));
  const [wrong, setWrong] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => { field.current?.focus(); }, []);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const moment = fromLocalField(local, timeZone);
    setWrong(moment === null);
    if (moment === null) return;
    change({ as_of: moment });
    onDone();
  };
  return (
    <form className={classes['form']} onSubmit={submit}>
      <TextInput
        type="datetime-local" step={1} label={t('as_of.label')} value={local} ref={field} error={wrong && t('as_of.not_a_moment')}
        onChange={(event) => { setLocal(event.currentTarget.value); }}
      />
      <Button type="submit">{t('as_of.show')}</Button>
      <Button variant="default" onClick={onDone}>{t('passport.close')}</Button>
    </form>
  );
}

/** Says, unmissably, that the screen shows the past; nothing when it shows now. */
export function AsOfBanner() {
  const { t } = useTranslation();
  const format = useFormat();
  const { get, change } = useScreenParameters();
  const asOf = get('as_of');
  if (asOf === null) return null;
  return (
    <div className={classes['past']} role="status" data-testid="as-of-banner">
      <strong>{t('as_of.banner', { moment: format.moment(asOf, true) })}</strong>
      <Button size="compact-sm" variant="white" color="dark" onClick={() => { change({ as_of: null }); }}>{t('as_of.back')}</Button>
    </div>
  );
}
