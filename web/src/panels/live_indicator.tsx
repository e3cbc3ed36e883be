import { useTranslation } from 'react-i18next';
import { useFormat } from '../ui/use_format';
import classes from './live_indicator.module.css';

export type ShownPhase = 'connecting' | 'live' | 'frozen' | 'past' | 'chosen';

interface LiveIndicatorProps {
  phase: ShownPhase;
  /** Seconds since the last event; null when none has come or none is awaited. */
  age: number | null;
}

/** Whether the display is fed, and when it no longer is, how long ago it last was: what is well does not count seconds. */
export function LiveIndicator({ phase, age }: LiveIndicatorProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <p className={classes['indicator']} data-testid="live-indicator" data-phase={phase}>
      <span className={classes['word']}>{t(`live.${phase}`)}</span>
      {age !== null && (phase === 'live' || phase === 'frozen') && (
        <span className={classes['age']}>{phase === 'live' ? t('live.just_now') : t('live.age', { age: format.duration(age) })}</span>
      )}
    </p>
  );
}

/** The banner of a frozen display. `age` is in steps of five seconds, so that it is not read out all the time. */
export function FrozenBanner({ age }: { age: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className={classes['banner']} role="alert" data-testid="frozen-banner">
      <strong>{age === null ? t('live.frozen_banner_first') : t('live.frozen_banner', { age: format.duration(age) })}</strong>
      <span>{t('live.frozen_hint')}</span>
    </div>
  );
}
