import { Problem, readProblem } from '../api/client';
import type { LiveChange, LiveHeartbeat, PanelAnswer } from '../api/types';
import { applyChange, isNotOlder } from './apply_change';
import { EventParser, type ServerEvent } from './event_parser';

/** After so long without an event the display says that it is frozen. */
export const frozenAfter = 5_000;
/** After so long without an event a stream that looks open is given up and opened again. */
const abandonAfter = 10_000;
const longestWait = 5_000;

/**
 * connecting: nothing has come yet. live: the last event is younger than 5 s. frozen: it is not; the
 * panel is the last one known. refused: the server says no and will not change its mind. signed_out:
 * the session ended.
 */
export type LivePhase = 'connecting' | 'live' | 'frozen' | 'refused' | 'signed_out';

export interface LiveState {
  phase: LivePhase;
  panel: PanelAnswer | null;
  /** Device clock, milliseconds, of the last event; null before the first. */
  lastEventAt: number | null;
  /** The center's clock as last told. */
  tick: string | null;
  problem: Problem | null;
}

const start: LiveState = { phase: 'connecting', panel: null, lastEventAt: null, tick: null, problem: null };

/**
 * Follows one panel of one unit: opens the stream, joins changes to the snapshot, notices when nothing
 * comes, and opens it again, for as long as it runs. Owns its connection and timers; `stop` ends both.
 * Reads the device's clock, `fetch` and timers, which tests replace.
 */
export class PanelStream {
  private state = start;
  private listeners = new Set<() => void>();
  private connection: AbortController | null = null;
  private watch: ReturnType<typeof setInterval> | null = null;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private failures = 0;
  private startedAt = 0;
  private openedAt = 0;
  private lastId: string | null = null;

  constructor(private readonly path: string) {}

  readonly getState = (): LiveState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  };

  start(): void {
    this.startedAt = Date.now();
    this.watch = setInterval(() => { this.checkSilence(); }, 500);
    void this.open();
  }

  stop(): void {
    if (this.watch !== null) clearInterval(this.watch);
    if (this.retry !== null) clearTimeout(this.retry);
    this.watch = null;
    this.retry = null;
    this.connection?.abort();
    this.connection = null;
  }

  private set(change: Partial<LiveState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  private async open(): Promise<void> {
    const connection = new AbortController();
    this.connection = connection;
    this.openedAt = Date.now();
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (this.lastId !== null) headers['Last-Event-ID'] = this.lastId;
      const response = await fetch(this.path, { headers, credentials: 'same-origin', cache: 'no-store', signal: connection.signal });
      if (!response.ok || response.body === null) {
        this.refuse(await readProblem(response), connection);
        return;
      }
      await this.read(response.body, connection);
    } catch {
      // Cut off, unreachable or given up: all are tried again below.
    }
    this.openAgain(connection);
  }

  private async read(body: ReadableStream<Uint8Array>, connection: AbortController): Promise<void> {
    const parser = new EventParser();
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || connection !== this.connection) return;
      for (const event of parser.push(decoder.decode(value, { stream: true }))) this.take(event);
    }
  }

  private take(event: ServerEvent): void {
    this.failures = 0;
    if (event.id !== null) this.lastId = event.id;
    const heard = { phase: 'live' as const, lastEventAt: Date.now(), problem: null };
    switch (event.event) {
      case 'snapshot': {
        const panel = JSON.parse(event.data) as PanelAnswer;
        const shown = this.state.panel;
        const newest = shown === null || isNotOlder(shown.snapshot, panel.snapshot) ? panel : shown;
        this.set({ ...heard, panel: newest, tick: newest.snapshot.tick });
        break;
      }
      case 'change': {
        const change = JSON.parse(event.data) as LiveChange;
        const panel = this.state.panel;
        this.set({ ...heard, panel: panel === null ? null : applyChange(panel, change), tick: change.snapshot.tick });
        break;
      }
      case 'heartbeat':
        this.set({ ...heard, tick: (JSON.parse(event.data) as LiveHeartbeat).tick });
        break;
      case 'signed_out':
        this.stop();
        this.set({ phase: 'signed_out' });
        break;
    }
  }

  private refuse(problem: Problem, connection: AbortController): void {
    if (connection !== this.connection) return;
    if (problem.status === 401) {
      this.stop();
      this.set({ phase: 'signed_out', problem });
    } else if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
      this.stop();
      this.set({ phase: 'refused', problem });
    } else {
      this.set({ problem });
      this.openAgain(connection);
    }
  }

  private openAgain(connection: AbortController): void {
    if (connection !== this.connection || this.watch === null) return;
    const wait = Math.min(longestWait, 500 * 2 ** this.failures);
    this.failures += 1;
    this.connection = null;
    this.retry = setTimeout(() => { void this.open(); }, wait);
  }

  private checkSilence(): void {
    const quiet = Date.now() - (this.state.lastEventAt ?? this.startedAt);
    if (quiet > frozenAfter && this.state.phase !== 'frozen') this.set({ phase: 'frozen' });
    const connection = this.connection;
    if (connection !== null && quiet > abandonAfter && Date.now() - this.openedAt > abandonAfter) {
      connection.abort();
      this.openAgain(connection);
    }
  }
}
