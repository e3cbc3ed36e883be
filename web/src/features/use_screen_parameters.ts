import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** Reads and changes the parameters of the screen's address; a change is a step that Back undoes. */
export function useScreenParameters() {
  const [parameters, setParameters] = useSearchParams();
  const get = useCallback((name: string): string | null => {
    const value = parameters.get(name);
    return value === '' ? null : value;
  }, [parameters]);
  const change = useCallback((values: Record<string, string | null>) => {
    setParameters((now) => {
      const next = new URLSearchParams(now);
      for (const [name, value] of Object.entries(values)) {
        if (value === null) next.delete(name);
        else next.set(name, value);
      }
      return next;
    });
  }, [setParameters]);
  return { parameters, get, change };
}
