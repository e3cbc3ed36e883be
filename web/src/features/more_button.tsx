import { Button } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ProblemNotice } from '../ui/notice';
import { useFormat } from '../ui/use_format';
import type { Problem } from '../api/client';
import classes from './controls.module.css';

type Paged = Pick<UseInfiniteQueryResult<unknown, Problem>, 'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'error' | 'fetchNextPage'>;

/** The foot of a list that is read page by page. */
export function MoreButton({ query, count }: { query: Paged; count: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (query.isFetchNextPageError && query.error) return <ProblemNotice problem={query.error} onRetry={() => void query.fetchNextPage()} />;
  if (!query.hasNextPage) return <p>{t('state.end', { count: format.count(count) as unknown as number })}</p>;
  return (
    <div className={classes['group']}>
      <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('state.more')}</Button>
    </div>
  );
}
