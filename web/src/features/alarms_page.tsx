import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAlarms, useCenter, useSourceEvents } from '../api/queries';
import type { Alarm, AlarmList, Center } from '../api/types';
import { DataTable } from '../ui/data_table';
import { JudgementBadge } from '../ui/judgement';
import { EmptyNote, LoadingLines, ProblemNotice } from '../ui/notice';
import { Page, Section } from '../ui/page';
import { useFormat } from '../ui/use_format';
import { encodeFigureKey, screenPaths } from './screen_paths';
import { SourceEvents } from './source_events';
import { useScreenParameters } from './use_screen_parameters';

const visitKey = 'fansipan.alarms.visit';
const lasting = 30 * 60 * 1000;

/** When this browser last looked at the alarms, half an hour ago or longer; a visit does not end while it lasts. */
function useLastVisit(): string | null {
  const [before] = useState(() => {
    const kept = (window.localStorage.getItem(visitKey) ?? '').split(' ');
    const [last = '', earlier = ''] = kept;
    if (last === '') return null;
    return Date.now() - Date.parse(last) > lasting ? last : earlier || null;
  });
  useEffect(() => {
    window.localStorage.setItem(visitKey, before === null ? new Date().toISOString() : `${new Date().toISOString()} ${before}`);
  }, [before]);
  return before;
}

/** What somebody should look at, since yesterday's morning or the last visit; each leads to its why. */
export function AlarmsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { get, change } = useScreenParameters();
  const visit = useLastVisit();
  const since = get('since');
  const query = useAlarms(since);
  const choose = (value: string | null) => () => { change({ since: value }); };
  return (
    <Page
      title={t('alarms.title')}
      lead={query.data && t('alarms.span', { from: format.moment(query.data.from), to: format.moment(query.data.to) })}
      actions={
        <Button.Group aria-label={t('why.since')}>
          <Button variant={since === null ? 'filled' : 'default'} aria-pressed={since === null} onClick={choose(null)}>{t('alarms.since_yesterday')}</Button>
          {visit !== null && <Button variant={since === visit ? 'filled' : 'default'} aria-pressed={since === visit} onClick={choose(visit)}>{t('alarms.since_visit')}</Button>}
        </Button.Group>
      }
    >
      {query.error && <ProblemNotice problem={query.error} onRetry={() => void query.refetch()} />}
      {query.data ? query.data.items.length === 0 ? <EmptyNote>{t('alarms.empty')}</EmptyNote> : <AlarmsTable list={query.data} />
        : !query.error && <LoadingLines lines={6} />}
      <EventsOfSources from={query.data?.from ?? null} />
    </Page>
  );
}

/** A source that is not on time is one event here, not one for each of its figures. */
function EventsOfSources({ from }: { from: string | null }) {
  const { t } = useTranslation();
  const query = useSourceEvents(from);
  if (!query.data || query.data.items.length === 0) return null;
  return <Section title={t('source_events.title')}><SourceEvents events={query.data.items} caption={t('source_events.title')} /></Section>;
}

/** A panel that shows units of the tree, where the passport can be opened. */
function panelOf(center: Center | undefined, alarm: Alarm): string | null {
  return center?.panels.find((panel) => panel.tree === alarm.tree)?.name ?? null;
}

function AlarmsTable({ list }: { list: AlarmList }) {
  const { t } = useTranslation();
  const format = useFormat();
  const center = useCenter(true).data;
  return (
    <>
      <DataTable stacks
        caption={t('alarms.title')}
        head={<>
          <th scope="col">{t('alarms.figure')}</th><th scope="col">{t('passport.unit')}</th><th scope="col">{t('passport.period')}</th>
          <th scope="col">{t('alarms.what')}</th><th scope="col" data-align="end">{t('alarms.before')}</th><th scope="col" data-align="end">{t('alarms.after')}</th>
          <th scope="col">{t('why.title')}</th>
        </>}
      >
        {list.items.map((alarm) => {
          const key = { indicator: alarm.indicator, tree: alarm.tree, unit: alarm.unit.code, period: alarm.period };
          const panel = panelOf(center, alarm);
          const value = (text: string | null) => (text === null ? '–' : format.amount(text, alarm.decimals, alarm.unit_of_measure));
          return (
            <tr key={`${alarm.kind} ${encodeFigureKey(key)}`} data-testid="alarm" data-kind={alarm.kind}>
              <th scope="row">{format.text(alarm.title)}</th>
              <td>{format.text(alarm.unit.name)}</td>
              <td data-nowrap="">{format.period(alarm.period)}</td>
              <td><What alarm={alarm} /></td>
              <td data-align="end">{value(alarm.before.value)}</td>
              <td data-align="end">{value(alarm.after.value)}</td>
              <td>{panel !== null && <Link to={`${screenPaths.panel(panel, { unit: alarm.unit.code })}&passport=${encodeURIComponent(encodeFigureKey(key))}&since=${encodeURIComponent(list.from)}`}>{t('alarms.open')}</Link>}</td>
            </tr>
          );
        })}
      </DataTable>
      {list.truncated && <EmptyNote>{t('alarms.truncated')}</EmptyNote>}
    </>
  );
}

function What({ alarm }: { alarm: Alarm }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (alarm.kind === 'judgement') return <><JudgementBadge figure={alarm.before} /> → <JudgementBadge figure={alarm.after} /></>;
  if (alarm.kind === 'correction') {
    return <>{t('alarms.corrected', {
      difference: format.difference(Number(alarm.corrected ?? 0), alarm.decimals, alarm.unit_of_measure),
      tolerance: format.amount(alarm.tolerance ?? '0', null, alarm.unit_of_measure),
    })}</>;
  }
  return <>{t('alarms.moved', { before: alarm.rank_before ?? 0, after: alarm.rank_after ?? 0, ranked: alarm.ranked ?? 0 })}</>;
}
