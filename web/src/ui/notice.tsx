import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './notice.module.css';
import { JudgementShape, LockShape } from './shape';

/** What a failed request tells a person; the same members as the client's problem. */
export interface ShownProblem {
  code: string;
  message: string;
  instance: string | null;
  nearest: readonly string[];
}

/** Something that went wrong, under its name; the frame of all such notices. */
export function Notice({ title, testId, children }: { title: string; testId?: string; children: ReactNode }) {
  return (
    <div className={classes['problem']} role="alert" data-testid={testId}>
      <strong><JudgementShape judgement="bad" />{title}</strong>
      {children}
    </div>
  );
}

/** The problem in the reader's language; the server's own sentence when its code has no translation. */
export function ProblemNotice({ problem, onRetry }: { problem: ShownProblem; onRetry?: (() => void) | undefined }) {
  const { t, i18n } = useTranslation();
  const known = i18n.exists(`problem.${problem.code}`);
  if (problem.code === 'not_granted') return <NotPermitted />;
  return (
    <Notice title={t('state.failed')}>
      <p>{known ? t(`problem.${problem.code as 'unreachable'}`) : problem.message || problem.code}</p>
      {problem.nearest.length > 0 && <p>{t('state.nearest', { names: problem.nearest.join(', ') })}</p>}
      {problem.instance !== null && <p className={classes['instance']}>{t('state.instance', { instance: problem.instance })}</p>}
      {onRetry && <Button size="xs" variant="default" onClick={onRetry}>{t('state.retry')}</Button>}
    </Notice>
  );
}

/** What the reader may not see is no failure: nothing is broken and trying again is of no use. */
function NotPermitted() {
  const { t } = useTranslation();
  return (
    <div className={classes['closed']} role="note">
      <LockShape />
      <p><strong>{t('state.not_permitted')}</strong>{t('problem.not_granted')}</p>
    </div>
  );
}

/** Grey lines where something is being loaded. */
export function LoadingLines({ lines = 4 }: { lines?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('state.loading')} className={classes['lines']}>
      {Array.from({ length: lines }, (_, index) => <Skeleton key={index} height="1.25rem" />)}
    </div>
  );
}

/** Says that there is nothing to show, which is not the same as loading or failed. */
export function EmptyNote({ children }: { children: ReactNode }) {
  return <p className={classes['empty']}>{children}</p>;
}
