import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { SourceEvent } from '../api/types';
import { ReasonText } from '../ui/contract_notes';
import { DataTable } from '../ui/data_table';
import { SourceStateLabel } from '../ui/source_state';
import { useFormat } from '../ui/use_format';
import { screenPaths } from './screen_paths';

/** Times in which sources were not on time: one row each, however many figures it feeds. */
export function SourceEvents({ events, caption }: { events: readonly SourceEvent[]; caption: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <DataTable stacks
      caption={caption}
      head={<>
        <th scope="col">{t('sources.source')}</th><th scope="col">{t('source_events.opened')}</th><th scope="col">{t('source_events.closed')}</th>
        <th scope="col">{t('source_events.steps')}</th><th scope="col" data-align="end">{t('sources.feeds')}</th>
      </>}
    >
      {events.map((event) => (
        <tr key={`${event.source} ${event.opened_at}`} data-testid="source-event" data-open={event.closed_at === null || undefined}>
          <th scope="row"><Link to={screenPaths.source(event.source)}>{format.text(event.title)}</Link></th>
          <td data-nowrap="">{format.moment(event.opened_at, true)}</td>
          <td data-nowrap="">{event.closed_at === null ? t('source_events.open') : format.moment(event.closed_at, true)}</td>
          <td>
            {event.steps.map((step) => (
              <div key={step.from}><SourceStateLabel state={step.state} /> {t('sources.since', { moment: format.moment(step.from, true) })} <ReasonText reason={step.reason} message={step.message} /></div>
            ))}
            {event.steps_left_out > 0 && <div>{t('source_events.left_out', { count: event.steps_left_out })}</div>}
          </td>
          <td data-align="end">{format.count(event.feeds)}</td>
        </tr>
      ))}
    </DataTable>
  );
}
