import type { TextWidget } from '../../api/types';
import { useFormat } from '../../ui/use_format';
import type { PanelState } from '../panel_state';
import { WaitingWidget } from './widget_frame';
import classes from './widgets.module.css';

/** Who reads the panel, what it answers, what to do next: plain text whose line ends are kept. */
export function PanelText({ state }: { state: PanelState<TextWidget> }) {
  const format = useFormat();
  if (state.kind !== 'ready') return <WaitingWidget state={state} />;
  return <p className={classes['text']} data-testid="panel-text">{format.text(state.data.text)}</p>;
}
