import { useTranslation } from 'react-i18next';
import type { RawRows } from '../api/types';
import { EmptyNote, LoadingLines, ProblemNotice } from '../ui/notice';
import { useFormat } from '../ui/use_format';
import type { PanelState } from './panel_state';
import classes from './raw_rows_view.module.css';

/** Archived bytes around the rows a version came from; those rows are marked. Text stays inert. */
export function RawRowsView({ state }: { state: PanelState<RawRows> }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (state.kind === 'loading') return <LoadingLines lines={5} />;
  if (state.kind === 'failed') return <ProblemNotice problem={state.problem} onRetry={state.retry} />;
  const { rows, truncated, sheet, layer } = state.data;
  const place = layer !== undefined ? t('version.raw_layer_row', { layer }) : sheet !== undefined ? t('version.raw_sheet_row', { sheet }) : undefined;
  if (rows.length === 0) return <EmptyNote>{t('records.empty')}</EmptyNote>;
  return (
    <>
      {/* A scrolling region is reached by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes['frame']} role="region" aria-label={t('version.raw')} tabIndex={0}>
        <table className={classes['rows']}>
          <thead>
            <tr><th scope="col">{t('version.raw_row')}</th><th scope="col">{place ?? t('version.raw_offset')}</th><th scope="col">{t('version.raw_text')}</th></tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.row} data-testid="raw-row" data-marked={row.of_version || undefined} aria-current={row.of_version || undefined}>
                <th scope="row">{format.count(row.row)}{row.of_version && <span className={classes['spoken']}> ({t('version.raw_marked')})</span>}</th>
                <td className={classes['offset']}>{format.count(place === undefined ? row.offset : row.line)}</td>
                <td className={classes['text']}>{row.text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {truncated && <p>{t('version.raw_truncated')}</p>}
    </>
  );
}
