import type { Judgement } from '../api/types';
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
