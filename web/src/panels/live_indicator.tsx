import { useTranslation } from 'react-i18next';
import { useFormat } from '../ui/use_format';
import classes from './live_indicator.module.css';

export type ShownPhase = 'connecting' | 'live' | 'frozen' | 'past' | 'chosen';

/** Whether the display is fed. What is well does not count seconds; for how long it is not, the banner says. */
export function LiveIndicator({ phase }: { phase: ShownPhase }) {
  const { t } = useTranslation();
  return (
    <p className={classes['indicator']} data-testid="live-indicator" data-phase={phase}>
      <span className={classes['word']}>{t(`live.${phase}`)}</span>
      {phase === 'live' && <span className={classes['age']}>{t('live.just_now')}</span>}
    </p>
  );
}

interface FrozenBannerProps {
  /** Seconds since the last event; null when none has come. */
  age: number | null;
  /** The center's clock as last told: the figures shown are of that moment. */
  clock: string | null;
}

/** The banner of a frozen display. It stays in sight however far the page is scrolled; that it is frozen is read out once. */
export function FrozenBanner({ age, clock }: FrozenBannerProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className={classes['banner']} data-testid="frozen-banner">
      <strong role="alert">{t('live.frozen_banner')}</strong>
      <span>{age === null ? t('live.frozen_first') : t('live.frozen_for', { age: format.duration(age) })}</span>
      {clock !== null && <span>{t('live.frozen_figures', { moment: format.moment(clock, true) })}</span>}
      <span>{t('live.frozen_hint')}</span>
    </div>
  );
}
