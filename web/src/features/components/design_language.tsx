import { useTranslation } from 'react-i18next';
import type { Judgement, TrustMark } from '../../api/types';
import { JudgementBadge, TrustMarks } from '../../ui/judgement';
import { Section } from '../../ui/page';
import { SourceStateLabel } from '../../ui/source_state';
import classes from './design_language.module.css';

const judgements: readonly Judgement[] = ['good', 'watch', 'bad', 'not_judged'];
const marks: readonly TrustMark[] = ['late', 'silent', 'failing', 'paused', 'incomplete', 'control_total_missing', 'drifting', 'unusual_volume', 'estimate', 'preliminary', 'restated', 'contradicted', 'old_codes', 'simulated'];
const sizes = ['hero', 'figure', 'heading', 'title', 'body', 'label', 'note'] as const;
const colours = ['page', 'surface', 'sunken', 'line', 'control', 'text', 'dim', 'accent', 'good', 'watch', 'bad', 'step-1', 'step-2', 'step-3', 'step-4', 'step-5'] as const;

/** The design language itself: type, colour, judgement and trust as form, word and colour. */
export function DesignLanguage() {
  const { t } = useTranslation();
  return (
    <Section title={t('components.language')}>
      <div className={classes['columns']}>
        <div className={classes['box']}>
          <h3>{t('components.type')}</h3>
          {sizes.map((size) => <p key={size} className={classes['type']} data-size={size} data-testid="type"><span>{t('sample.type')}</span><code>{size}</code></p>)}
        </div>
        <div className={classes['box']}>
          <h3>{t('components.judgement')}</h3>
          <div className={classes['marks']}>
            {judgements.map((judgement) => <JudgementBadge key={judgement} figure={{ judgement, not_judged_reason: judgement === 'not_judged' ? 'no_threshold' : null }} />)}
          </div>
          <h3>{t('components.trust')}</h3>
          <TrustMarks marks={marks} />
          <h3>{t('components.source')}</h3>
          <div className={classes['marks']}>{(['live', 'late', 'silent', 'failing', 'incomplete', 'drifting', 'paused', 'never'] as const).map((state) => <SourceStateLabel key={state} state={state} />)}</div>
          <h3>{t('components.colour')}</h3>
          <ul className={classes['colours']}>{colours.map((colour) => <li key={colour}><span data-colour={colour} aria-hidden="true" /><code>{colour}</code></li>)}</ul>
        </div>
      </div>
    </Section>
  );
}
