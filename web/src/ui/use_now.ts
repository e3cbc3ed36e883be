import { useEffect, useState } from 'react';

/** The device's clock in milliseconds, renewed every `interval` milliseconds. */
export function useNow(interval = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => { setNow(Date.now()); }, interval);
    return () => { clearInterval(timer); };
  }, [interval]);
  return now;
}
