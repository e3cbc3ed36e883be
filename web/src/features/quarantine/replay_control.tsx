import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/queries';
import { useReplayRun, useStartReplay, useStopReplay } from '../../api/quarantine_queries';
import type { ReplayProgress } from '../../api/types';
import { Notice, ProblemNotice } from '../../ui/notice';
import { Section } from '../../ui/page';
import { useFormat } from '../../ui/use_format';
import classes from '../controls.module.css';

/** A moment of the field in the browser's time as the interface takes it. */
function momentOf(text: string): string | null {
  const moment = new Date(text);
  return text === '' || Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}

/** Reads deliveries of the chosen source, or of all, again in their order; shows how far it is. */
export function ReplayControl({ source }: { source: string | null }) {
  const { t } = useTranslation();
  const csrfToken = useSession().data?.csrf_token ?? null;
  const run = useReplayRun(true);
  const start = useStartReplay(csrfToken);
  const stop = useStopReplay(csrfToken);
  const [span, setSpan] = useState({ from: '', to: '' });
  const isRunning = run.data?.state === 'running';
  const field = (name: 'from' | 'to') => (
    <TextInput
      type="datetime-local" label={t(`replay.${name}`)} value={span[name]}
      onChange={(event) => { const { value } = event.currentTarget; setSpan((now) => ({ ...now, [name]: value })); }}
    />
  );
  const begin = () => { start.mutate({ source, from: momentOf(span.from), to: momentOf(span.to) }); };
  return (
    <Section title={t('replay.title')} hint={t('replay.hint')}>
      <div className={classes['form']}>
        {field('from')}{field('to')}
        <Button variant="default" disabled={isRunning} loading={start.isPending} onClick={begin}>{source === null ? t('replay.start_all') : t('replay.start')}</Button>
        {isRunning && <Button variant="default" loading={stop.isPending} onClick={() => { stop.mutate(); }}>{t('replay.stop')}</Button>}
      </div>
      {start.error && <ProblemNotice problem={start.error} />}
      {stop.error && <ProblemNotice problem={stop.error} />}
      {run.data && <Progress progress={run.data} />}
    </Section>
  );
}

function Progress({ progress }: { progress: ReplayProgress }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div role="status" data-testid="replay">
      <p>
        {t(`replay_state.${progress.state}`)}: {t('replay.progress', { done: format.count(progress.read_again), all: format.count(progress.deliveries) })}
        {' · '}{t('replay.changed', { count: progress.accepted })}{' · '}{t('replay.quarantined', { count: progress.quarantined })}
      </p>
      <progress value={progress.read_again} max={progress.deliveries} aria-label={t('replay.title')} />
      {progress.message !== null && <Notice title={t('replay_state.failed')}><p>{progress.message}</p></Notice>}
    </div>
  );
}
