import type { ProblemDetails } from './types';

/**
 * A request that was not answered as hoped. `code` is the stable word of the server, or `unreachable`
 * when no answer came and `unexpected_answer` when it was no problem document.
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly instance: string | null;
  readonly nearest: readonly string[];

  constructor(status: number, code: string, detail: string, instance: string | null = null, nearest: readonly string[] = []) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.instance = instance;
    this.nearest = nearest;
  }
}

/** The problem that an answer without success tells. */
export async function readProblem(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Partial<ProblemDetails>;
    if (typeof body.code === 'string') {
      return new Problem(response.status, body.code, body.detail ?? '', body.instance ?? null, body.nearest ?? []);
    }
  } catch {
    // Not JSON: a proxy or a server of another kind answered.
  }
  return new Problem(response.status, 'unexpected_answer', response.statusText);
}

async function request(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, credentials: 'same-origin', redirect: 'error' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, 'unreachable', path);
  }
  if (!response.ok) throw await readProblem(response);
  return response;
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await ask(path, signal)).json()) as T;
}

/** Null where there is nothing to tell (204). */
export async function findJson<T>(path: string, signal?: AbortSignal): Promise<T | null> {
  return await bodyOf<T>(await ask(path, signal));
}

function ask(path: string, signal?: AbortSignal): Promise<Response> {
  return request(path, { headers: { Accept: 'application/json' }, ...(signal ? { signal } : {}) });
}

async function bodyOf<T>(response: Response): Promise<T | null> {
  return response.status === 204 ? null : ((await response.json()) as T);
}

/** An unsafe method. `csrfToken` is the session's; null only where nobody is signed in yet. */
export async function sendJson<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, csrfToken: string | null, body?: unknown): Promise<T | null> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (csrfToken !== null) headers['X-CSRF-Token'] = csrfToken;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  return await bodyOf<T>(await request(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }));
}

/** Whether the screens themselves can be had from the server. */
export function isServed(): Promise<boolean> {
  return fetch('/', { cache: 'no-store' }).then((answer) => answer.ok, () => false);
}
