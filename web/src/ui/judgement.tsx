import { useTranslation } from 'react-i18next';
import type { Figure, TrustMark } from '../api/types';
import classes from './judgement.module.css';
import { JudgementShape, MarkShape } from './shape';

/** Judgement as word, form and colour; the reason as the word when there is none. */
export function JudgementBadge({ figure }: { figure: Pick<Figure, 'judgement' | 'not_judged_reason'> }) {
  const { t } = useTranslation();
  return (
    <span className={classes['badge']} data-judgement={figure.judgement}>
      <JudgementShape judgement={figure.judgement} />
      <span>{figure.not_judged_reason === null ? t(`judgement.${figure.judgement}`) : t(`not_judged_reason.${figure.not_judged_reason}`)}</span>
    </span>
  );
}

/** The sentence that must stand on a screen whose data are simulated. */
export function SimulatedNote() {
  const { t } = useTranslation();
  return <div className={classes['note']} data-testid="simulated"><MarkShape mark="simulated" />{t('panel.simulated_note')}</div>;
}

/** Trust marks as form and word; nothing when there are none. */
export function TrustMarks({ marks }: { marks: readonly TrustMark[] }) {
  const { t } = useTranslation();
  if (marks.length === 0) return null;
  return (
    <ul className={classes['marks']} aria-label={t('trust.label')}>
      {marks.map((mark) => (
        <li key={mark} className={classes['mark']} data-mark={mark}><MarkShape mark={mark} />{t(`trust.${mark}`)}</li>
      ))}
    </ul>
  );
}
