import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFigureChange } from '../api/queries';
import type { ChangedPart, ChangeStep, FigureKey } from '../api/types';
import { ChangeView } from '../panels/passport/change_view';
import { Section } from '../ui/page';
import { useFormat } from '../ui/use_format';
import { stateOf } from './panel_states';
import { screenPaths } from './screen_paths';

const day = 24 * 3600 * 1000;
const spans = [1, 7, 30] as const;

/** Why the figure of a passport changed, since some days ago or since a moment that the address names. */
export function WhyChanged({ figureKey, asOf, since, panel }: { figureKey: FigureKey; asOf: string | null; since: string | null; panel: string | null }) {
  const { t } = useTranslation();
  const [end] = useState(() => (asOf === null ? Date.now() : Date.parse(asOf)));
  const [days, setDays] = useState<number | null>(since === null ? 1 : null);
  const from = days === null && since !== null ? since : new Date(end - (days ?? 1) * day).toISOString();
  const change = useFigureChange(figureKey, from, asOf);
  return (
    <Section title={t('why.title')} hint={t('why.hint')}>
      <Button.Group aria-label={t('why.since')}>
        {since !== null && <Button size="compact-sm" variant={days === null ? 'filled' : 'default'} aria-pressed={days === null} onClick={() => { setDays(null); }}>{t('why.since_moment')}</Button>}
        {spans.map((span) => (
          <Button key={span} size="compact-sm" variant={days === span ? 'filled' : 'default'} aria-pressed={days === span} onClick={() => { setDays(span); }}>
            {t('why.days', { count: span })}
          </Button>
        ))}
      </Button.Group>
      <ChangeView state={stateOf(change)} linkTo={(part, step) => <RecordsLink figureKey={figureKey} part={part} step={step} panel={panel} />} />
    </Section>
  );
}

/** To the records that moved the part; the period is the one that its link names. */
function RecordsLink({ figureKey, part, step, panel }: { figureKey: FigureKey; part: ChangedPart; step: ChangeStep; panel: string | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [cause] = step.causes;
  if (part.records_link === null || cause === undefined) return null;
  const query = new URLSearchParams(part.records_link.slice(part.records_link.indexOf('?')));
  const key = { ...figureKey, period: query.get('period') ?? figureKey.period };
  const change = { cause, from: step.from, to: step.to };
  return (
    <Link to={screenPaths.records(query.get('measure') ?? part.name, key, null, panel, change)} title={t('why.records_of', { part: format.text(part.title) })}>
      {t('why.records')}
    </Link>
  );
}
