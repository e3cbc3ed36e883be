import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { somePanel, withFigure } from '../../testing/render';
import { PanelStream } from './panel_stream';

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
  connections = [];
  refusal = null;
  vi.stubGlobal('fetch', vi.fn((_: string, init?: RequestInit) => {
    if (refusal) return Promise.resolve(refusal());
    const connection = new FakeConnection(init);
    connections.push(connection);
    return Promise.resolve(connection.response);
  }));
  stream = new PanelStream('/api/v1/live?panel=public_services');
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
  await pass(4_900);
  expect(stream.getState().phase).toBe('live');
  await pass(1_000);
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
  await pass(600);
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

it('keeps trying while the server starts', async () => {
  stream.stop();
  refusal = problem(503, 'starting');
  stream = new PanelStream('/api/v1/live?panel=public_services');
  stream.start();
  await pass(2_000);
  expect(stream.getState().problem?.code).toBe('starting');
  refusal = null;
  await pass(4_000);
  connections.at(-1)!.send('snapshot', somePanel(), '1.1');
  await pass(0);
  expect(stream.getState()).toMatchObject({ phase: 'live', problem: null });
});
