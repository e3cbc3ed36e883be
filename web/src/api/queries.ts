import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, Problem, sendJson } from './client';
import { apiPaths, type PanelParameters, type QuarantineFilter } from './paths';
import type {
  AlarmList, Center, Delivery, DeliveryList, Explanation, FigureChange, FigureHistory, FigureKey, FiguresAnswer, PanelAnswer, PeriodList,
  Quality, QuarantineList, RawRows, RecordList, RecordsOfChange, RecordVersions, Session, SourceDetail, SourceEventList, SourceList, TreeKind, UnitList, Values, VersionWithDelivery,
} from './types';

const refreshEvery = 10_000;
const refreshSlowly = 30_000;

/** What was asked wrongly stays wrong; only what may pass by itself is tried again. */
export function mayPass(failures: number, error: unknown): boolean {
  return failures < 2 && error instanceof Problem && (error.status === 0 || error.status === 503);
}

export function useSession() {
  return useQuery<Session, Problem>({
    queryKey: ['session'],
    queryFn: ({ signal }) => getJson(apiPaths.session, signal),
    refetchInterval: 60_000,
  });
}

export function useCenter(enabled: boolean) {
  return useQuery<Center, Problem>({
    queryKey: ['center'],
    queryFn: ({ signal }) => getJson(apiPaths.center, signal),
    staleTime: 60_000,
    enabled,
  });
}

/** A panel that is not followed live: of a chosen period, past moment or territory. */
export function usePanel(name: string, asked: PanelParameters, enabled: boolean) {
  const path = apiPaths.panel(name, asked);
  return useQuery<PanelAnswer, Problem>({
    queryKey: ['panel', path],
    queryFn: ({ signal }) => getJson(path, signal),
    refetchInterval: asked.as_of === null ? refreshEvery : false,
    enabled,
  });
}

/** The periods that a day (`2026-11-23`, of the center's time; null: today) lies in, of every regime. */
export function usePeriods(on: string | null) {
  return useQuery<PeriodList, Problem>({
    queryKey: ['periods', on],
    queryFn: ({ signal }) => getJson(apiPaths.periods(on), signal),
    staleTime: 600_000,
  });
}

/** The units below one, with their centre points; they change only with the center's declarations. */
export function useUnitsBelow(tree: TreeKind, parent: string, enabled: boolean) {
  return useQuery<UnitList, Problem>({
    queryKey: ['units', tree, parent],
    queryFn: ({ signal }) => getJson(apiPaths.units(tree, parent), signal),
    staleTime: 600_000,
    enabled,
  });
}

/** One indicator at each unit below the key's unit. */
export function useFiguresBelow(key: FigureKey, asOf: string | null, enabled: boolean) {
  return useQuery<FiguresAnswer, Problem>({
    queryKey: ['figures', key, asOf],
    queryFn: ({ signal }) => getJson(apiPaths.figuresBelow(key, asOf), signal),
    refetchInterval: asOf === null ? refreshSlowly : false,
    placeholderData: keepPreviousData,
    enabled,
  });
}

export function useExplanation(key: FigureKey | null, asOf: string | null) {
  return useQuery<Explanation, Problem>({
    queryKey: ['explain', key, asOf],
    queryFn: ({ signal }) => getJson(key ? apiPaths.explain(key, asOf) : '', signal),
    refetchInterval: asOf === null ? refreshEvery : false,
    enabled: key !== null,
  });
}

/** Why a figure changed since a moment, until `to` or now. */
export function useFigureChange(key: FigureKey | null, from: string, to: string | null) {
  return useQuery<FigureChange, Problem>({
    queryKey: ['change', key, from, to],
    queryFn: ({ signal }) => getJson(key ? apiPaths.change(key, from, to) : '', signal),
    placeholderData: keepPreviousData,
  });
}

/** Everything that was ever stated of a reported figure; null: of none. */
export function useFigureHistory(key: FigureKey | null, asOf: string | null) {
  return useQuery<FigureHistory, Problem>({
    queryKey: ['history', key, asOf],
    queryFn: ({ signal }) => getJson(key ? apiPaths.history(key, asOf) : '', signal),
    refetchInterval: asOf === null ? refreshSlowly : false,
    enabled: key !== null,
  });
}

/** What crossed a threshold, was corrected beyond tolerance or moved in rank; since yesterday's morning where no moment is given. */
export function useAlarms(from: string | null) {
  return useQuery<AlarmList, Problem>({
    queryKey: ['alarms', from],
    queryFn: ({ signal }) => getJson(apiPaths.alarms(from), signal),
    refetchInterval: 60_000,
    placeholderData: keepPreviousData,
  });
}

interface RecordsOptions {
  /** Read anew so often. */
  refreshSeconds?: number | null;
  change?: RecordsOfChange | null;
}

/** The records of a measure, or those that moved it, page by page. */
export function useRecords(measure: string, key: Omit<FigureKey, 'indicator'>, asOf: string | null, { refreshSeconds = null, change = null }: RecordsOptions = {}) {
  return useInfiniteQuery<RecordList, Problem, { pages: RecordList[] }, unknown[], string | null>({
    queryKey: ['records', measure, key, asOf, change],
    queryFn: ({ pageParam, signal }) => getJson(apiPaths.records(measure, key, asOf, pageParam, change), signal),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: refreshSeconds === null ? false : refreshSeconds * 1000,
    enabled: measure !== '',
  });
}

export function useVersions(dataset: string, key: Values, asOf: string | null) {
  const path = apiPaths.versions(dataset, key, asOf);
  return useQuery<RecordVersions, Problem>({ queryKey: ['versions', path], queryFn: ({ signal }) => getJson(path, signal) });
}

export function useVersion(sequence: string) {
  return useQuery<VersionWithDelivery, Problem>({
    queryKey: ['version', sequence],
    queryFn: ({ signal }) => getJson(apiPaths.version(sequence), signal),
  });
}

export function useRawRows(sequence: string) {
  return useQuery<RawRows, Problem>({
    queryKey: ['raw', sequence],
    queryFn: ({ signal }) => getJson(apiPaths.raw(sequence), signal),
    staleTime: Infinity,
  });
}

export function useSources() {
  return useQuery<SourceList, Problem>({
    queryKey: ['sources'],
    queryFn: ({ signal }) => getJson(apiPaths.sources, signal),
    refetchInterval: 5_000,
  });
}

export function useSource(name: string) {
  return useQuery<SourceDetail, Problem>({
    queryKey: ['source', name],
    queryFn: ({ signal }) => getJson(apiPaths.source(name), signal),
    refetchInterval: 5_000,
  });
}

export function useSourceEvents(from: string | null) {
  return useQuery<SourceEventList, Problem>({
    queryKey: ['source-events', from],
    queryFn: ({ signal }) => getJson(apiPaths.sourceEvents(from), signal),
    refetchInterval: refreshSlowly,
  });
}

export function useQuality(dataset: string) {
  return useQuery<Quality, Problem>({
    queryKey: ['quality', dataset],
    queryFn: ({ signal }) => getJson(apiPaths.quality(dataset), signal),
    staleTime: 60_000,
  });
}

export function useDeliveries(source: string | null) {
  return useInfiniteQuery<DeliveryList, Problem, { pages: DeliveryList[] }, unknown[], string | null>({
    queryKey: ['deliveries', source],
    queryFn: ({ pageParam, signal }) => getJson(apiPaths.deliveries(source, pageParam), signal),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

export function useDelivery(sequence: string) {
  return useQuery<Delivery, Problem>({
    queryKey: ['delivery', sequence],
    queryFn: ({ signal }) => getJson(apiPaths.delivery(sequence), signal),
  });
}

export function useQuarantine(filter: QuarantineFilter) {
  return useInfiniteQuery<QuarantineList, Problem, { pages: QuarantineList[] }, unknown[], string | null>({
    queryKey: ['quarantine', filter],
    queryFn: ({ pageParam, signal }) => getJson(apiPaths.quarantine(filter, pageParam), signal),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

/** Becomes another caller: everything read as the former one is forgotten. */
function useNewSession() {
  const cache = useQueryClient();
  return (session: Session | null) => {
    cache.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
    if (session) cache.setQueryData(['session'], session);
    else void cache.invalidateQueries({ queryKey: ['session'] });
  };
}

export function useSignIn() {
  const become = useNewSession();
  return useMutation<Session | null, Problem, { name: string; password: string }>({
    mutationFn: (body) => sendJson<Session>('POST', apiPaths.session, null, body),
    onSuccess: become,
  });
}

export function useSetUp() {
  const become = useNewSession();
  return useMutation<Session | null, Problem, { token: string; name: string; display_name: string; password: string }>({
    mutationFn: (body) => sendJson<Session>('POST', apiPaths.setUp, null, body),
    onSuccess: become,
  });
}

export function useSignOut(csrfToken: string | null) {
  const become = useNewSession();
  return useMutation<unknown, Problem>({
    mutationFn: () => sendJson('DELETE', apiPaths.session, csrfToken),
    onSettled: () => { become(null); },
  });
}

/** A reason pauses the source, null resumes it. */
export function useSourcePause(name: string, csrfToken: string | null) {
  const cache = useQueryClient();
  return useMutation<unknown, Problem, string | null>({
    mutationFn: (reason) => (reason === null
      ? sendJson('DELETE', apiPaths.sourcePause(name), csrfToken)
      : sendJson('PUT', apiPaths.sourcePause(name), csrfToken, { reason })),
    onSuccess: () => cache.invalidateQueries(),
  });
}

export function useReplay(csrfToken: string | null) {
  const cache = useQueryClient();
  return useMutation<Delivery | null, Problem, number>({
    mutationFn: (sequence) => sendJson<Delivery>('POST', apiPaths.replay(sequence), csrfToken),
    onSuccess: () => cache.invalidateQueries(),
  });
}
