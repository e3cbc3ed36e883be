import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FigureWithPassport, PanelItem } from '../api/types';
import { LoadingLines } from '../ui/notice';
import { useFormat } from '../ui/use_format';
import { ChangeLabel } from './change_label';
import classes from './change_list.module.css';
import { largestChanges } from './comparison';

interface ChangeListProps {
  /** Null while they are on their way. */
  items: readonly PanelItem[] | null;
  clock: string | null;
  most?: number;
  frozen?: boolean;
  onOpen: (figure: FigureWithPassport) => void;
}

/** What changed: the figures whose step from the period before is most unusual for them. */
export const ChangeList = memo(function ChangeList({ items, clock, most = 4, frozen = false, onOpen }: ChangeListProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const changes = useMemo(() => (items === null ? [] : largestChanges(items, clock, most)), [items, clock, most]);
  return (
    <section className={classes['changes']} data-frozen={frozen || undefined} aria-label={t('changes.title')} aria-busy={items === null || undefined}>
      <h2 className={classes['title']}>{t('changes.title')}</h2>
      {items === null ? <LoadingLines lines={most} /> : changes.length === 0 ? <p className={classes['none']}>{t('changes.none')}</p> : (
        <ol className={classes['list']}>
          {changes.map(({ item: { figure, position }, comparison }) => (
            <li key={position} className={classes['change']} data-testid="change">
              <button type="button" className={classes['name']} aria-haspopup="dialog" onClick={() => { onOpen(figure); }}>{format.text(figure.title)}</button>
              <ChangeLabel figure={figure} comparison={comparison} />
            </li>
          ))}
        </ol>
      )}
      <p className={classes['hint']}>{t('changes.hint')}</p>
    </section>
  );
});
