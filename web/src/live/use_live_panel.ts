import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { apiPaths } from '../api/paths';
import { PanelStream, type LiveState } from './panel_stream';

/** Follows a panel while the component is there; null follows nothing. */
export function useLivePanel(panel: string | null, unit: string | null): LiveState {
  const stream = useMemo(() => new PanelStream(apiPaths.live(panel ?? '', unit)), [panel, unit]);
  useEffect(() => {
    if (panel === null) return undefined;
    stream.start();
    return () => { stream.stop(); };
  }, [panel, stream]);
  return useSyncExternalStore(stream.subscribe, stream.getState);
}
