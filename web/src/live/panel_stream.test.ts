import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { somePanel, withFigure } from '../../testing/render';
import { PanelStream, waitBefore } from './panel_stream';

/** One connection of a server that says what the test tells it to. */
class FakeConnection {
  private controller!: ReadableStreamDefaultController<Uint8Array>;
  readonly headers: Headers;
  readonly response: Response;

  constructor(init: RequestInit | undefined) {
    this.headers = new Headers(init?.headers);
    const body = new ReadableStream<Uint8Array>({ start: (controller) => { this.controller = controller; } });
    init?.signal?.addEventListener('abort', () => { this.end(); });
    this.response = new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }

  send(event: string, data: unknown, id?: string) {
    this.controller.enqueue(new TextEncoder().encode(`${id ? `id: ${id}\n` : ''}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
  }

  sendText(text: string) {
    this.controller.enqueue(new TextEncoder().encode(text));
  }

  end() {
    try { this.controller.error(new Error('cut')); } catch { /* it was over */ }
  }
}

let connections: FakeConnection[] = [];
let refusal: (() => Response) | null = null;
let stream: PanelStream;

async function pass(milliseconds: number) {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime('2026-11-23T07:05:00Z');
  connections = [];
  refusal = null;
  vi.stubGlobal('fetch', vi.fn((_: string, init?: RequestInit) => {
    if (refusal) return Promise.resolve(refusal());
    const connection = new FakeConnection(init);
    connections.push(connection);
    return Promise.resolve(connection.response);
  }));
  stream = new PanelStream('/api/v1/live?panel=public_services', () => 0.9);
  stream.start();
});

afterEach(() => {
  stream.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('is live with the snapshot and follows changes', async () => {
  const panel = somePanel();
  expect(stream.getState().phase).toBe('connecting');
  await pass(0);
  connections[0]!.send('snapshot', panel, '1.1');
  await pass(0);
  expect(stream.getState()).toMatchObject({ phase: 'live', panel: { unit: { code: '15' } } });
  const change = { snapshot: { ...panel.snapshot, sequence: panel.snapshot.sequence + 1 }, items: [withFigure(panel.items[0]!, { value: '5' })], children: [], sources: [] };
  connections[0]!.send('change', change, '2.1');
  await pass(0);
  expect(stream.getState().panel?.items[0]?.figure.value).toBe('5');
});

it('is frozen after 5 s of silence, keeps the panel, and recovers with the next event', async () => {
  await pass(0);
  connections[0]!.send('snapshot', somePanel(), '1.1');
  await pass(4_700);
  expect(stream.getState().phase).toBe('live');
  await pass(300);
  expect(stream.getState()).toMatchObject({ phase: 'frozen', panel: { unit: { code: '15' } } });
  connections[0]!.send('heartbeat', { tick: '2026-11-23T07:05:20Z' });
  await pass(0);
  expect(stream.getState()).toMatchObject({ phase: 'live', tick: '2026-11-23T07:05:20Z' });
});

it('is frozen when the server never answered', async () => {
  await pass(6_000);
  expect(stream.getState()).toMatchObject({ phase: 'frozen', panel: null });
});

it('gives up a connection that hangs and goes on from the last event', async () => {
  await pass(0);
  connections[0]!.send('snapshot', somePanel(), '918244.7');
  await pass(13_000);
  expect(connections.length).toBe(2);
  expect(connections[1]!.headers.get('Last-Event-ID')).toBe('918244.7');
});

it('opens again after the server went away', async () => {
  await pass(0);
  connections[0]!.send('snapshot', somePanel(), '1.1');
  await pass(0);
  connections[0]!.end();
  await pass(2_000);
  expect(connections.length).toBe(2);
});

it('does not go back when a fresh snapshot is older', async () => {
  const panel = somePanel();
  await pass(0);
  connections[0]!.send('snapshot', panel, '1.1');
  connections[0]!.send('snapshot', { ...panel, snapshot: { ...panel.snapshot, sequence: 1 }, items: [] }, '0.1');
  await pass(0);
  expect(stream.getState().panel?.items.length).toBe(panel.items.length);
});

const changeOf = (panel: ReturnType<typeof somePanel>, steps: number, value: string) => ({
  snapshot: { ...panel.snapshot, sequence: panel.snapshot.sequence + steps }, items: [withFigure(panel.items[0]!, { value })], children: [], sources: [],
});

it('is frozen in time when the clock of the device is set back', async () => {
  await pass(0);
  connections[0]!.send('snapshot', somePanel(), '1.1');
  await pass(0);
  vi.setSystemTime('2026-11-23T03:00:00Z');
  await pass(5_000);
  expect(stream.getState().phase).toBe('frozen');
});

it('is frozen at once when the device wakes up after hours, and applies the fresh snapshot whole', async () => {
  const panel = somePanel();
  await pass(0);
  connections[0]!.send('snapshot', panel, '918244.7');
  await pass(0);
  vi.setSystemTime('2026-11-23T12:00:00Z');
  await pass(250);
  expect(stream.getState().phase).toBe('frozen');
  connections[0]!.end();
  await pass(2_000);
  expect(connections[1]!.headers.get('Last-Event-ID')).toBe('918244.7');
  const fresh = { ...panel, snapshot: { ...panel.snapshot, sequence: panel.snapshot.sequence + 4_000 }, items: panel.items.slice(0, 2), children: [] };
  connections[1]!.send('snapshot', fresh, '922244.9');
  await pass(0);
  expect(stream.getState()).toMatchObject({ phase: 'live', panel: fresh });
});

it('goes on with what it has when the server says by heartbeats that nothing changed', async () => {
  const panel = somePanel();
  await pass(0);
  connections[0]!.send('snapshot', panel, '918244.7');
  await pass(0);
  connections[0]!.end();
  await pass(2_000);
  connections[1]!.send('heartbeat', { tick: '2026-11-23T09:00:00Z' });
  await pass(0);
  expect(stream.getState()).toMatchObject({ phase: 'live', tick: '2026-11-23T09:00:00Z', panel: { snapshot: panel.snapshot } });
});

it('keeps the order of changes and puts no stale one over a newer snapshot', async () => {
  const panel = somePanel();
  await pass(0);
  connections[0]!.send('snapshot', panel, '1.1');
  connections[0]!.send('change', changeOf(panel, 1, '5'), '2.1');
  connections[0]!.send('change', changeOf(panel, 2, '6'), '3.1');
  connections[0]!.send('snapshot', { ...panel, ...changeOf(panel, 9, '12'), children: panel.children }, '9.1');
  connections[0]!.send('change', changeOf(panel, 4, '7'), '4.1');
  await pass(0);
  expect(stream.getState().panel?.items[0]?.figure.value).toBe('12');
});

it('takes the older snapshot that opens a connection: the center was put back to an earlier state', async () => {
  const panel = somePanel();
  await pass(0);
  connections[0]!.send('snapshot', panel, '918244.7');
  await pass(0);
  connections[0]!.end();
  await pass(2_000);
  const restored = { ...panel, snapshot: { ...panel.snapshot, sequence: 17, tick: '2026-11-23T06:00:00Z' }, items: panel.items.slice(0, 1) };
  connections[1]!.send('snapshot', restored, '17.6');
  await pass(0);
  expect(stream.getState()).toMatchObject({ phase: 'live', panel: restored, tick: '2026-11-23T06:00:00Z' });
  connections[1]!.send('change', changeOf(restored, 1, '3'), '18.6');
  await pass(0);
  expect(stream.getState().panel?.items[0]?.figure.value).toBe('3');
});

it('never sets the clock back by a state that was drawn before the last heartbeat, nor by one that comes twice', async () => {
  const panel = somePanel();
  await pass(0);
  connections[0]!.send('snapshot', panel, '1.1');
  connections[0]!.send('heartbeat', { tick: '2026-11-23T07:05:20Z' });
  connections[0]!.send('change', changeOf(panel, 1, '5'), '2.1');
  connections[0]!.send('change', changeOf(panel, 1, '5'), '2.1');
  await pass(0);
  expect(stream.getState()).toMatchObject({ tick: '2026-11-23T07:05:20Z' });
  expect(stream.getState().panel?.items[0]?.figure.value).toBe('5');
});

it('is frozen before anybody reads it when a page that was hidden for hours is shown again', async () => {
  await pass(0);
  connections[0]!.send('snapshot', somePanel(), '1.1');
  await pass(0);
  vi.setSystemTime('2026-11-23T12:00:00Z');
  document.dispatchEvent(new Event('visibilitychange'));
  expect(stream.getState().phase).toBe('frozen');
});

it('spreads thousands that lost a server at once, before any of them is frozen', () => {
  const spread = Array.from({ length: 4_000 }, () => waitBefore(0, Math.random));
  const perTenth = Array.from({ length: 20 }, (_, tenth) => spread.filter((wait) => Math.floor(wait / 100) === tenth).length);
  expect(Math.max(...perTenth)).toBeLessThan(300);
  expect(Math.max(...spread)).toBeLessThan(3_000);
});

it('tells its listeners once for all events that came together', async () => {
  const panel = somePanel();
  await pass(0);
  connections[0]!.send('snapshot', panel, '1.1');
  await pass(0);
  const listener = vi.fn();
  stream.subscribe(listener);
  const text = [1, 2, 3].map((steps) => `id: ${steps}.1\nevent: change\ndata: ${JSON.stringify(changeOf(panel, steps, String(steps)))}\n\n`).join('');
  connections[0]!.sendText(text);
  await pass(0);
  expect(listener).toHaveBeenCalledOnce();
  expect(stream.getState().panel?.items[0]?.figure.value).toBe('3');
});

it.each([['event: change\ndata: {"cut\n\n'], ['event: snapshot\ndata: no\n\n']])('asks for everything anew after an event that can not be read: %j', async (text) => {
  await pass(0);
  connections[0]!.send('snapshot', somePanel(), '918244.7');
  await pass(0);
  connections[0]!.sendText(`id: 918245.1\n${text}`);
  await pass(2_000);
  expect(connections[1]!.headers.get('Last-Event-ID')).toBeNull();
});

it('asks for everything anew when a change comes before any snapshot', async () => {
  await pass(0);
  connections[0]!.send('change', changeOf(somePanel(), 1, '5'), '5.1');
  await pass(2_000);
  expect(connections[1]!.headers.get('Last-Event-ID')).toBeNull();
});

it('spreads its tries over a limit that doubles up to ten seconds', () => {
  const limits = [0, 1, 2, 3, 4, 5, 20].map((failures) => waitBefore(failures, () => 1));
  expect(limits).toEqual([2000, 4000, 8000, 10_000, 10_000, 10_000, 10_000]);
  expect(waitBefore(4, () => 0)).toBe(0);
});

it('waits as long as a busy server asks, and not longer once the network is back', async () => {
  stream.stop();
  refusal = () => Response.json({ code: 'too_many_requests' }, { status: 429, headers: { 'Retry-After': '30' } });
  stream = new PanelStream('/api/v1/live?panel=public_services', () => 0.9);
  stream.start();
  await pass(29_000);
  const calls = vi.mocked(fetch).mock.calls.length;
  refusal = null;
  await pass(1_000);
  expect(vi.mocked(fetch).mock.calls.length).toBe(calls);
  window.dispatchEvent(new Event('online'));
  await pass(2_000);
  expect(vi.mocked(fetch).mock.calls.length).toBe(calls + 1);
});

function problem(status: number, code: string) {
  return () => Response.json({ type: 'x', title: 'x', status, code, detail: 'x', instance: 'i' }, { status });
}

it('stops when the session ended', async () => {
  await pass(0);
  connections[0]!.send('signed_out', {});
  await pass(20_000);
  expect(stream.getState().phase).toBe('signed_out');
  expect(connections.length).toBe(1);
});

it('stops when the server says no, and tells why', async () => {
  stream.stop();
  refusal = problem(404, 'unknown_panel');
  stream = new PanelStream('/api/v1/live?panel=x');
  stream.start();
  await pass(0);
  expect(stream.getState()).toMatchObject({ phase: 'refused', problem: { code: 'unknown_panel' } });
  const calls = vi.mocked(fetch).mock.calls.length;
  await pass(20_000);
  expect(vi.mocked(fetch).mock.calls.length).toBe(calls);
});

it('keeps trying when what refuses is not the center, as a proxy while it is away', async () => {
  stream.stop();
  refusal = () => new Response('<h1>Not Found</h1>', { status: 404 });
  stream = new PanelStream('/api/v1/live?panel=public_services', () => 0.9);
  stream.start();
  await pass(1_000);
  refusal = null;
  await pass(1_000);
  connections.at(-1)!.send('snapshot', somePanel(), '1.1');
  await pass(0);
  expect(stream.getState()).toMatchObject({ phase: 'live', problem: null });
});

it('keeps trying while the server starts', async () => {
  stream.stop();
  refusal = problem(503, 'starting');
  stream = new PanelStream('/api/v1/live?panel=public_services', () => 0.9);
  stream.start();
  await pass(2_000);
  expect(stream.getState().problem?.code).toBe('starting');
  refusal = null;
  await pass(4_000);
  connections.at(-1)!.send('snapshot', somePanel(), '1.1');
  await pass(0);
  expect(stream.getState()).toMatchObject({ phase: 'live', problem: null });
});
