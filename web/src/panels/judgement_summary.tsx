import { Skeleton } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FigureWithPassport, Judgement, Passport, SourceState } from '../api/types';
import { JudgementShape } from '../ui/shape';
import { SourceStateLabel } from '../ui/source_state';
import { useFormat } from '../ui/use_format';
import classes from './judgement_summary.module.css';

/** From what must be seen first to what can wait. */
export const worstFirst: readonly Judgement[] = ['bad', 'watch', 'good', 'not_judged'];

export function countJudgements(figures: readonly { judgement: Judgement }[]): Record<Judgement, number> {
  const counts: Record<Judgement, number> = { good: 0, watch: 0, bad: 0, not_judged: 0 };
  for (const figure of figures) counts[figure.judgement] += 1;
  return counts;
}

/** The worst judgement there is; not judged only when nothing is judged. */
export function overallOf(counts: Record<Judgement, number>): Judgement {
  return worstFirst.find((judgement) => counts[judgement] > 0) ?? 'not_judged';
}

function sourcesOf(figures: readonly FigureWithPassport[]): Passport['sources'] {
  const all = figures.flatMap((figure) => figure.passport.sources);
  return [...new Map(all.map((source) => [source.name, source])).values()];
}

interface JudgementSummaryProps {
  /** Null while they are on their way. */
  figures: readonly FigureWithPassport[] | null;
  frozen?: boolean;
  onOpen: (figure: FigureWithPassport) => void;
}

/** Is it good: one sentence, how many figures are judged how, which are not good, and whether the sources live. */
export const JudgementSummary = memo(function JudgementSummary({ figures, frozen = false, onOpen }: JudgementSummaryProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (figures === null) {
    return <section className={classes['summary']} aria-busy="true" aria-label={t('state.loading')}><div className={classes['verdict']}><Skeleton height="1.5rem" width="16rem" /></div></section>;
  }
  const counts = countJudgements(figures);
  const overall = overallOf(counts);
  const verdict = overall === 'bad' || overall === 'watch' ? t(`summary.${overall}`, { count: counts[overall] }) : t(`summary.${overall}`);
  const names = (judgement: Judgement) => <Names figures={figures.filter((figure) => figure.judgement === judgement)} onOpen={onOpen} />;
  return (
    <section className={classes['summary']} aria-label={t('summary.title')} data-overall={overall} data-frozen={frozen || undefined} data-testid="summary">
      <div className={classes['group']}>
        <p className={classes['verdict']}><JudgementShape judgement={overall} />{verdict}</p>
        {(overall === 'bad' || overall === 'watch') && names(overall)}
      </div>
      <ul className={classes['counts']} aria-label={t('judgement.legend')}>
        {worstFirst.filter((judgement) => judgement !== overall || judgement === 'good').map((judgement) => (
          <li key={judgement} className={classes['group']} data-none={counts[judgement] === 0 || undefined}>
            <span className={classes['count']}><JudgementShape judgement={judgement} /><strong>{format.count(counts[judgement])}</strong> {t(`judgement.${judgement}`)}</span>
            {judgement === 'watch' && names(judgement)}
          </li>
        ))}
      </ul>
      <SourceSummary sources={sourcesOf(figures)} frozen={frozen} />
    </section>
  );
});

function Names({ figures, onOpen }: { figures: readonly FigureWithPassport[]; onOpen: (figure: FigureWithPassport) => void }) {
  const format = useFormat();
  return figures.map((figure) => (
    <button key={`${figure.indicator} ${figure.period.text}`} type="button" className={classes['name']} aria-haspopup="dialog" onClick={() => { onOpen(figure); }}>
      {format.text(figure.title)}
    </button>
  ));
}

const troubleFirst: readonly SourceState[] = ['silent', 'failing', 'never', 'paused', 'late', 'incomplete', 'drifting'];

/** What does not live by name, the rest as a number: a leader need not read the names of what is well. A frozen display knows of none that lives. */
function SourceSummary({ sources, frozen }: { sources: Passport['sources']; frozen: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const trouble = sources.filter((source) => source.state !== 'live').sort((a, b) => troubleFirst.indexOf(a.state) - troubleFirst.indexOf(b.state)).slice(0, 3);
  const living = sources.filter((source) => source.state === 'live').length;
  return (
    <ul className={classes['sources']} aria-label={t('app.sources')}>
      {trouble.map((source) => <li key={source.name}><SourceStateLabel state={source.state}>{`${format.text(source.title)}: ${t(`source_state.${source.state}`)}`}</SourceStateLabel></li>)}
      {living > 0 && !frozen && <li><SourceStateLabel state="live">{t('summary.sources_live', { count: living })}</SourceStateLabel></li>}
    </ul>
  );
}
