import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangedPart, ChangeStep, FigureChange, FigureState } from '../../api/types';
import { DataTable } from '../../ui/data_table';
import { JudgementBadge } from '../../ui/judgement';
import { EmptyNote, LoadingLines, ProblemNotice } from '../../ui/notice';
import { useFormat } from '../../ui/use_format';
import classes from './change_view.module.css';
import type { PanelState } from '../panel_state';

interface ChangeViewProps {
  state: PanelState<FigureChange>;
  /** Draws the way to the records of a part that a step moved. */
  linkTo: (part: ChangedPart, step: ChangeStep) => ReactNode;
}

/** Why a figure changed: from what it was to what it is, step by step; the steps add up to the difference. */
export function ChangeView({ state, linkTo }: ChangeViewProps) {
  const { t } = useTranslation();
  if (state.kind === 'loading') return <LoadingLines lines={4} />;
  if (state.kind === 'failed') return <ProblemNotice problem={state.problem} onRetry={state.retry} />;
  const change = state.data;
  return (
    <div className={classes['change']} data-testid="why-changed">
      <Ends change={change} />
      {change.from_revision !== change.to_revision && <p className={classes['note']}>{t('why.other_rules')}</p>}
      {change.steps.length === 0 ? <EmptyNote>{t('why.unchanged')}</EmptyNote> : <Steps change={change} linkTo={linkTo} />}
    </div>
  );
}

function Ends({ change }: { change: FigureChange }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <p className={classes['ends']}>
      <StateText state={change.before} change={change} /> → <strong><StateText state={change.after} change={change} /></strong>
      <span className={classes['note']}>{t('why.span', { from: format.moment(change.from, true), to: format.moment(change.to, true) })}</span>
    </p>
  );
}

function StateText({ state, change }: { state: FigureState; change: FigureChange }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (state.value !== null) return <>{format.amount(state.value, change.decimals, change.unit_of_measure)}</>;
  return <>{t(state.no_value_reason === null ? 'figure.no_value' : `no_value_reason.${state.no_value_reason}`)}</>;
}

function Steps({ change, linkTo }: { change: FigureChange; linkTo: ChangeViewProps['linkTo'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const most = Math.max(...change.steps.map((step) => Math.abs(Number(step.difference ?? 0))));
  return (
    <DataTable
      caption={t('why.title')}
      head={<><th scope="col">{t('passport.cause')}</th><th scope="col" data-align="end">{t('passport.difference')}</th><th scope="col">{t('why.parts')}</th></>}
    >
      {change.steps.map((step, index) => (
        <tr key={index} data-testid="why-step">
          <th scope="row">
            {step.causes.map((cause) => t(`cause.${cause}`)).join(' + ')}
            {step.aspects.map((aspect) => <span key={aspect} className={classes['note']}>{t(`aspect.${aspect}`)}</span>)}
            {step.from === step.to && <span className={classes['note']}>{format.moment(step.from)}</span>}
          </th>
          <td data-align="end">
            {step.difference === null ? '–' : format.difference(Number(step.difference), change.decimals)}
            <Bar difference={Number(step.difference ?? 0)} most={most} />
            {step.before.judgement !== step.after.judgement && <JudgementBadge figure={step.after} />}
          </td>
          <td>
            <ul className={classes['parts']}>
              {step.parts.map((part) => (
                <li key={part.name}>
                  {format.text(part.title)}: {part.before === null ? '–' : format.decimal(part.before, null)} → {part.after === null ? '–' : format.decimal(part.after, null)}{' '}
                  {linkTo(part, step)}
                </li>
              ))}
            </ul>
          </td>
        </tr>
      ))}
    </DataTable>
  );
}

/** How large a step is beside the largest; to the left what fell, to the right what rose. */
function Bar({ difference, most }: { difference: number; most: number }) {
  if (most === 0) return null;
  const half = 50;
  const length = (Math.abs(difference) / most) * half;
  return (
    <svg className={classes['bar']} viewBox="0 0 100 6" aria-hidden="true" preserveAspectRatio="none" data-falls={difference < 0 || undefined}>
      <rect x={difference < 0 ? half - length : half} y="0" width={length} height="6" />
      <line x1={half} x2={half} y1="0" y2="6" />
    </svg>
  );
}
