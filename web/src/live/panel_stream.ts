import { Problem, readProblem } from '../api/client';
import type { LiveChange, LiveHeartbeat, PanelAnswer } from '../api/types';
import { applyChange, isNotOlder } from './apply_change';
import { EventParser, type ServerEvent } from './event_parser';

/** After so long without an event the display says that it is frozen. */
export const frozenAfter = 5_000;
/** After so long without an event a stream that looks open is given up and opened again. */
const abandonAfter = 10_000;
/** How often silence is looked for; the display says *frozen* at most so much before the 5 s are over. */
const watchEvery = 250;
/** Viewers that lost a server at the same moment come back spread over at least this; short enough not to be frozen meanwhile. */
const firstWait = 2_000;
const longestWait = 10_000;

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

/** Milliseconds to wait before try `failures`: anywhere up to a doubling limit, so that viewers of a server that restarts come spread. */
export function waitBefore(failures: number, random: () => number): number {
  return random() * Math.min(longestWait, firstWait * 2 ** failures);
}

function told(heartbeat: ServerEvent): string {
  return (JSON.parse(heartbeat.data) as LiveHeartbeat).tick;
}

/** The center's clock goes on: a state that was drawn before the last heartbeat does not set it back. */
function later(shown: string | null, next: string): string {
  return shown !== null && Date.parse(shown) > Date.parse(next) ? shown : next;
}

/** Two clocks of the device: the first goes on in standby, the second does not go back when the time is set. */
function readClocks(): [number, number] {
  return [Date.now(), performance.now()];
}

/**
 * Follows one panel of one unit: opens the stream, joins changes to the snapshot, notices when nothing
 * comes, and opens it again, for as long as it runs. Within a connection what is shown never goes back: a
 * snapshot replaces it whole unless it is older, a change is joined only to the panel it continues. The snapshot
 * that opens a connection is taken as it is: an older one means that the center was put back to an earlier
 * state, and a display that kept the later one would call it live for ever. An event that can't be read or
 * joined ends the connection, and the next one asks for everything anew. Owns its connection and timers;
 * `stop` ends both. Reads the device's clocks, `fetch` and timers, which tests replace.
 */
export class PanelStream {
  private state = start;
  private listeners = new Set<() => void>();
  private connection: AbortController | null = null;
  private watch: ReturnType<typeof setInterval> | null = null;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private failures = 0;
  private heardAt = readClocks();
  private openedAt = 0;
  private lastId: string | null = null;
  /** Whether the connection has brought a panel or said by a heartbeat that the one shown still holds. */
  private joined = false;

  constructor(private readonly path: string, private readonly random: () => number = Math.random) {}

  readonly getState = (): LiveState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  };

  start(): void {
    this.heardAt = readClocks();
    this.watch = setInterval(() => { this.checkSilence(); }, watchEvery);
    window.addEventListener('online', this.openSoon);
    document.addEventListener('visibilitychange', this.lookAgain);
    void this.open();
  }

  stop(): void {
    if (this.watch !== null) clearInterval(this.watch);
    if (this.retry !== null) clearTimeout(this.retry);
    window.removeEventListener('online', this.openSoon);
    document.removeEventListener('visibilitychange', this.lookAgain);
    this.watch = null;
    this.retry = null;
    this.connection?.abort();
    this.connection = null;
  }

  /** The network is back: there is no use in waiting out a long pause. */
  private readonly openSoon = (): void => {
    if (this.retry === null) return;
    this.failures = 0;
    this.scheduleOpen(0);
  };

  /** Timers of a page that was hidden run late: what it shows is judged before anybody has read it. */
  private readonly lookAgain = (): void => {
    if (document.visibilityState === 'visible') this.checkSilence();
  };

  private set(change: Partial<LiveState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  private async open(): Promise<void> {
    const connection = new AbortController();
    this.connection = connection;
    this.openedAt = performance.now();
    this.joined = false;
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (this.lastId !== null) headers['Last-Event-ID'] = this.lastId;
      const response = await fetch(this.path, { headers, credentials: 'same-origin', cache: 'no-store', signal: connection.signal });
      if (!response.ok || response.body === null) {
        this.refuse(await readProblem(response), connection, Number(response.headers.get('Retry-After')));
        return;
      }
      await this.read(response.body, connection);
    } catch {
      // Cut off, unreachable, unreadable or given up: all are tried again below.
    }
    this.openAgain(connection, 0);
  }

  private async read(body: ReadableStream<Uint8Array>, connection: AbortController): Promise<void> {
    const parser = new EventParser();
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || connection !== this.connection) return;
      try {
        this.take(parser.push(decoder.decode(value, { stream: true })));
      } catch (error) {
        this.lastId = null;
        connection.abort();
        throw error;
      }
    }
  }

  /** Takes all events that came at once and tells the listeners once. */
  private take(events: readonly ServerEvent[]): void {
    let next = this.state;
    for (const event of events) {
      if (event.event === 'signed_out') {
        this.stop();
        this.set({ phase: 'signed_out' });
        return;
      }
      next = { ...next, ...this.stateAfter(event, next) };
      if (event.id !== null) this.lastId = event.id;
    }
    if (events.length === 0) return;
    this.failures = 0;
    this.heardAt = readClocks();
    this.set({ ...next, phase: 'live', lastEventAt: Date.now(), problem: null });
  }

  private stateAfter(event: ServerEvent, { panel: shown, tick }: LiveState): Partial<LiveState> {
    const first = !this.joined;
    this.joined = true;
    switch (event.event) {
      case 'snapshot': {
        const panel = JSON.parse(event.data) as PanelAnswer;
        if (first || shown === null) return { panel, tick: panel.snapshot.tick };
        return { panel: isNotOlder(shown.snapshot, panel.snapshot) ? panel : shown, tick: later(tick, panel.snapshot.tick) };
      }
      case 'change': {
        if (shown === null) throw new Error('a change came before any snapshot');
        const change = JSON.parse(event.data) as LiveChange;
        return { panel: applyChange(shown, change), tick: later(tick, change.snapshot.tick) };
      }
      case 'heartbeat':
        return { tick: first ? told(event) : later(tick, told(event)) };
      default:
        return {};
    }
  }

  /** Only the center's own word is final: what a proxy says while the center is away passes. */
  private refuse(problem: Problem, connection: AbortController, retryAfterSeconds: number): void {
    if (connection !== this.connection) return;
    if (problem.status === 401) {
      this.stop();
      this.set({ phase: 'signed_out', problem });
    } else if (problem.status >= 400 && problem.status < 500 && problem.status !== 429 && problem.code !== 'unexpected_answer') {
      this.stop();
      this.set({ phase: 'refused', problem });
    } else {
      this.set({ problem });
      this.openAgain(connection, retryAfterSeconds > 0 ? retryAfterSeconds * 1000 : 0);
    }
  }

  /** Opens anew after a jittered pause that is at least as long as the server asked for. */
  private openAgain(connection: AbortController, atLeast: number): void {
    if (connection !== this.connection || this.watch === null) return;
    this.connection = null;
    this.scheduleOpen(atLeast);
  }

  private scheduleOpen(atLeast: number): void {
    if (this.retry !== null) clearTimeout(this.retry);
    const wait = atLeast + waitBefore(this.failures, this.random);
    this.failures += 1;
    this.retry = setTimeout(() => {
      this.retry = null;
      void this.open();
    }, wait);
  }

  private checkSilence(): void {
    const [wall, steady] = readClocks();
    const quiet = Math.max(wall - this.heardAt[0], steady - this.heardAt[1]);
    if (quiet + watchEvery > frozenAfter && this.state.phase !== 'frozen') this.set({ phase: 'frozen' });
    const connection = this.connection;
    if (connection !== null && quiet > abandonAfter && steady - this.openedAt > abandonAfter) {
      connection.abort();
      this.openAgain(connection, 0);
    }
  }
}
