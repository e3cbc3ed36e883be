import { isServed } from '../api/client';

const patience = 10_000;

/** Loads the page anew at the first moment that the server answers, looking every 10 to 20 s; never into a browser's own error page. */
export function reloadOnceServed(reload = () => { window.location.reload(); }): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let stopped = false;
  const look = async () => {
    const served = await isServed();
    if (stopped) return;
    if (served) reload();
    else wait();
  };
  const wait = () => { timer = setTimeout(() => void look(), patience * (1 + Math.random())); };
  wait();
  return () => {
    stopped = true;
    if (timer !== null) clearTimeout(timer);
  };
}
