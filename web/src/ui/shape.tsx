import type { Judgement, TrustMark } from '../api/types';
import classes from './judgement.module.css';

const shapes: Record<Judgement, string> = {
  good: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm-1.2 9.9L3.9 8l1.1-1.1 1.8 1.8 4.2-4.2 1.1 1.1Z',
  watch: 'M8 1.2 15.4 14.5H.6Zm-.8 4.6v4.3h1.6V5.8Zm0 5.5v1.6h1.6v-1.6Z',
  bad: 'M8 .6 15.4 8 8 15.4.6 8Zm-.8 3.8v4.5h1.6V4.4Zm0 5.7v1.6h1.6v-1.6Z',
  not_judged: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm0 1.6a5.4 5.4 0 1 1 0 10.8A5.4 5.4 0 0 1 8 2.6ZM4.6 7.2h6.8v1.6H4.6Z',
};

/** The form of a judgement: disc, triangle, diamond, ring. Told apart without colour. */
export function JudgementShape({ judgement }: { judgement: Judgement }) {
  return (
    <svg className={classes['shape']} data-judgement={judgement} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path fillRule="evenodd" d={shapes[judgement]} />
    </svg>
  );
}

const marks: Record<TrustMark, string> = {
  late: 'M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2ZM8 4.8V8l2.4 1.6',
  silent: 'M2.2 2.2l11.6 11.6M4.4 6.2A5 5 0 0 0 4.4 11M11.6 5A5 5 0 0 1 11.8 10.4M8 8h.01M2.2 4.4A8 8 0 0 0 2.2 12.6M13.8 3.4A8 8 0 0 1 14 12',
  failing: 'M3.4 3.4l9.2 9.2M12.6 3.4l-9.2 9.2',
  paused: 'M5.6 3.2v9.6M10.4 3.2v9.6',
  incomplete: 'M8 2.2a5.8 5.8 0 1 0 5.8 5.8M8 2.2V8h5.8',
  estimate: 'M2.4 6.2c1.9-2 3.7-2 5.6 0s3.7 2 5.6 0M2.4 10.8c1.9-2 3.7-2 5.6 0s3.7 2 5.6 0',
  preliminary: 'M8 2.2A5.8 5.8 0 0 1 12.1 3.9M13.8 8a5.8 5.8 0 0 1-1.7 4.1M8 13.8a5.8 5.8 0 0 1-4.1-1.7M2.2 8a5.8 5.8 0 0 1 1.7-4.1',
  restated: 'M3 8a5 5 0 1 0 1.6-3.7M4.8 1.6v3h3',
  contradicted: 'M2.6 6h10.8M2.6 10h10.8M10.4 2.6l-4.8 10.8',
  old_codes: 'M2.8 4.2v7.6M5.4 4.2v7.6M8 4.2v7.6M10.6 4.2v7.6M13.2 4.2v7.6M1.8 13.4L14.2 2.6',
  control_total_missing: 'M3 3.4h10M3 8h6M3 12.6h4M11 10.2l3 3M14 10.2l-3 3',
  drifting: 'M2.4 4h4.2M2.4 8h4.2M2.4 12h4.2M9.4 3l4.2 2M9.4 8h4.2M9.4 13l4.2-2',
  unusual_volume: 'M2.4 13.6V9.8M6.2 13.6V9.8M10 13.6V2.4M13.6 13.6V9.8',
  simulated: 'M6.2 2.2h3.6M6.8 2.2v4.2L3 12.6c-.4.7 0 1.2.7 1.2h8.6c.7 0 1.1-.5.7-1.2L9.2 6.4V2.2M4.6 10.2h6.8',
};

/** The form of a trust mark, drawn as a line so that none looks like a judgement. */
export function MarkShape({ mark }: { mark: TrustMark }) {
  return <svg className={classes['line']} viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d={marks[mark]} /></svg>;
}

/** Sliders: the way to language, theme and account. */
export function SettingsShape() {
  return <svg className={classes['line']} viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="M2 5h6M12 5h2M2 11h2M8 11h6M10 3.2v3.6M6 9.2v3.6" /></svg>;
}

/** A closed lock, for what the reader may not see. */
export function LockShape() {
  return <svg className={classes['line']} viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="M3.4 7.4h9.2v6.2H3.4ZM5.4 7.4V5a2.6 2.6 0 0 1 5.2 0v2.4M8 9.8v1.6" /></svg>;
}
