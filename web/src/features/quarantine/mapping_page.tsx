import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSession } from '../../api/queries';
import { useMappings, useTryMapping } from '../../api/quarantine_queries';
import type { MappingList } from '../../api/types';
import { EmptyNote, LoadingLines, ProblemNotice } from '../../ui/notice';
import { Page, Section } from '../../ui/page';
import classes from '../controls.module.css';
import { screenPaths } from '../screen_paths';
import { useScreenParameters } from '../use_screen_parameters';
import { TrialView } from './trial_view';

/** The mappings of a source, and what another text of one of them would make of the rows that are set aside. Nothing is recorded. */
export function MappingPage() {
  const { t } = useTranslation();
  const { get } = useScreenParameters();
  const source = get('source');
  const mappings = useMappings(source);
  return (
    <Page title={t('mapping.title', { source: source ?? '' })} lead={<Link to={screenPaths.quarantine()}>{t('mapping.to_quarantine')}</Link>}>
      {source === null ? <EmptyNote>{t('mapping.no_source')}</EmptyNote>
        : mappings.data === undefined ? (mappings.error ? <ProblemNotice problem={mappings.error} onRetry={() => void mappings.refetch()} /> : <LoadingLines lines={8} />)
          : <Attempt source={source} mappings={mappings.data.items} />}
    </Page>
  );
}

function Attempt({ source, mappings }: { source: string; mappings: MappingList['items'] }) {
  const { t } = useTranslation();
  const { get, change } = useScreenParameters();
  const attempt = useTryMapping(useSession().data?.csrf_token ?? null);
  const chosen = mappings.find((mapping) => mapping.dataset === get('dataset')) ?? mappings[0];
  const [texts, setTexts] = useState<Record<string, string>>({});
  if (chosen === undefined) return <EmptyNote>{t('mapping.none')}</EmptyNote>;
  const text = texts[chosen.file] ?? chosen.text;
  const run = () => { attempt.mutate({ source, dataset: chosen.dataset, text, delivery: get('delivery') }); };
  return (
    <>
      <Section title={t('mapping.text')} hint={t('mapping.hint', { file: chosen.file })}>
        <NativeSelect
          label={t('quarantine.dataset')} value={chosen.dataset} data={mappings.map((mapping) => mapping.dataset)}
          onChange={(event) => { change({ dataset: event.currentTarget.value }); }}
        />
        <Textarea
          label={t('mapping.sql')} value={text} rows={16} spellCheck={false} classNames={{ input: classes['code'] ?? '' }}
          onChange={(event) => { const { value } = event.currentTarget; setTexts((now) => ({ ...now, [chosen.file]: value })); }}
        />
        <div className={classes['group']}>
          <Button loading={attempt.isPending} onClick={run}>{t('mapping.try')}</Button>
          <Button variant="default" disabled={text === chosen.text} onClick={() => { setTexts((now) => ({ ...now, [chosen.file]: chosen.text })); }}>{t('mapping.reset')}</Button>
        </div>
      </Section>
      {attempt.error && <ProblemNotice problem={attempt.error} />}
      {attempt.data && <TrialView trial={attempt.data} />}
    </>
  );
}
