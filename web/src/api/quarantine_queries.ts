import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { findJson, getJson, sendJson, type Problem } from './client';
import { apiPaths, type QuarantineFilter, type ReplayRange } from './paths';
import type { DecidedRows, MappingList, MappingTrial, QuarantineSummary, QuarantineVerdict, RawRows, ReplayProgress, SecretList } from './types';

export function useQuarantineSummary(filter: QuarantineFilter) {
  return useQuery<QuarantineSummary, Problem>({
    queryKey: ['quarantine-summary', filter],
    queryFn: ({ signal }) => getJson(apiPaths.quarantineSummary(filter), signal),
  });
}

/** A raw row of a delivery among its neighbours, as text and as bytes. */
export function useRawRow(row: { delivery: number; raw_row: number } | null) {
  return useQuery<RawRows, Problem>({
    queryKey: ['raw-row', row?.delivery, row?.raw_row],
    queryFn: ({ signal }) => getJson(row ? apiPaths.rawRow(row.delivery, row.raw_row) : '', signal),
    staleTime: Infinity,
    enabled: row !== null && row.raw_row > 0,
  });
}

export interface Decision { filter: QuarantineFilter; verdict: QuarantineVerdict; reason: string; count: number }

/** Accepts, discards or reopens all rows that the filter finds; what is shown is read anew. */
export function useDecide(csrfToken: string | null) {
  const cache = useQueryClient();
  return useMutation<DecidedRows | null, Problem, Decision>({
    mutationFn: ({ filter, verdict, reason, count }) =>
      sendJson<DecidedRows>('POST', apiPaths.decisions(filter), csrfToken, { verdict, reason, count: String(count) }),
    onSuccess: () => cache.invalidateQueries(),
  });
}

export function useMappings(source: string | null) {
  return useQuery<MappingList, Problem>({
    queryKey: ['mappings', source],
    queryFn: ({ signal }) => getJson(apiPaths.mappings(source ?? ''), signal),
    enabled: source !== null,
  });
}

export interface TriedMapping { source: string; dataset: string; text: string; delivery: string | null }

export function useTryMapping(csrfToken: string | null) {
  return useMutation<MappingTrial | null, Problem, TriedMapping>({
    mutationFn: ({ source, dataset, text, delivery }) =>
      sendJson<MappingTrial>('POST', apiPaths.tryMapping(source, delivery), csrfToken, { dataset, text }),
  });
}

/** How the last run of replays stands; null when there was none since the program started. */
export function useReplayRun(enabled: boolean) {
  return useQuery<ReplayProgress | null, Problem>({
    queryKey: ['replays'],
    queryFn: ({ signal }) => findJson<ReplayProgress>(apiPaths.replays, signal),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? 1_000 : false),
    enabled,
  });
}

export function useStartReplay(csrfToken: string | null) {
  const cache = useQueryClient();
  return useMutation<ReplayProgress | null, Problem, ReplayRange>({
    mutationFn: (range) => sendJson<ReplayProgress>('POST', apiPaths.startReplay(range), csrfToken),
    onSuccess: (progress) => { cache.setQueryData(['replays'], progress); },
  });
}

export function useStopReplay(csrfToken: string | null) {
  const cache = useQueryClient();
  return useMutation<ReplayProgress | null, Problem>({
    mutationFn: () => sendJson<ReplayProgress>('DELETE', apiPaths.replays, csrfToken),
    onSettled: () => cache.invalidateQueries({ queryKey: ['replays'] }),
  });
}

export function useSecrets() {
  return useQuery<SecretList, Problem>({ queryKey: ['secrets'], queryFn: ({ signal }) => getJson(apiPaths.secrets, signal) });
}

/** The value goes to the server once and is kept nowhere here. */
export function useSetSecret(csrfToken: string | null) {
  const cache = useQueryClient();
  return useMutation<unknown, Problem, { name: string; value: string }>({
    mutationFn: ({ name, value }) => sendJson('PUT', apiPaths.secret(name), csrfToken, { value }),
    gcTime: 0,
    onSuccess: () => cache.invalidateQueries({ queryKey: ['secrets'] }),
  });
}

export function useRemoveSecret(csrfToken: string | null) {
  const cache = useQueryClient();
  return useMutation<unknown, Problem, string>({
    mutationFn: (name) => sendJson('DELETE', apiPaths.secret(name), csrfToken),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['secrets'] }),
  });
}
