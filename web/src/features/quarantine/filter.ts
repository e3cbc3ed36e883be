import type { QuarantineFilter } from '../../api/paths';
import type { QuarantinedRow, QuarantineGroup } from '../../api/types';

/** Which rows the address asks for. */
export function filterOf(get: (name: string) => string | null): QuarantineFilter {
  return {
    delivery: get('delivery'), source: get('source'), dataset: get('dataset'), reason: get('reason'), column: get('column'), row: null,
    open: get('open') !== 'false',
  };
}

/** The parameters of the address that show the rows of a group. */
export function parametersOf(group: QuarantineGroup): Record<string, string | null> {
  return { source: group.source, dataset: group.dataset, reason: group.reason, column: group.column ?? '-' };
}

/** A raw row by itself, with all that is wrong with it; only for one dataset where it is known. */
export function filterOfRow(row: QuarantinedRow): QuarantineFilter {
  return { delivery: String(row.delivery), source: null, dataset: row.dataset, reason: null, column: null, row: String(row.raw_row), open: true };
}
