// A stand-in for the center, for tests and screenshots only: serves web/dist with the same strict
// headers and answers /api/v1 from testing/world.mjs. `POST /_test` with {silent, late, hold} moves it;
// `hold` stops the stream without closing it, as a server that hangs would.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { root } from '../scripts/files.mjs';
import { World } from './world.mjs';

const headers = {
  'Content-Security-Policy': "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'",
  'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'same-origin', 'Cache-Control': 'no-store',
};
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.woff': 'font/woff' };

const knownPanels = new Set(['public_services', 'public_services_agencies']);

function problem(response, status, code, detail = code, nearest = undefined) {
  response.writeHead(status, { ...headers, 'Content-Type': 'application/problem+json' });
  response.end(JSON.stringify({ type: `urn:fansipan:problem:${code}`, title: code, status, code, detail, instance: 'mock-1', ...(nearest ? { nearest } : {}) }));
}

function json(response, body, status = 200, more = {}) {
  response.writeHead(status, { ...headers, ...more, 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function bodyOf(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return pieces.length > 0 ? JSON.parse(Buffer.concat(pieces).toString('utf8')) : {};
}

/** Starts on a free port of 127.0.0.1; answers with the address and a way to stop. */
export async function startMockServer({ world = new World(), port = 0 } = {}) {
  const state = { setUpNeeded: false, hold: false, streams: new Set() };

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      console.error(error);
      problem(response, 500, 'internal');
    });
  });

  async function answer(request, response) {
    const url = new URL(request.url, 'http://localhost');
    if (url.pathname === '/_test') {
      const { hold, setUpNeeded, ...rest } = await bodyOf(request);
      Object.assign(world, rest);
      if (hold !== undefined) state.hold = hold;
      if (setUpNeeded !== undefined) state.setUpNeeded = setUpNeeded;
      json(response, {});
    } else if (url.pathname.startsWith('/api/v1/')) await answerApi(request, response, url);
    else await answerFile(response, url);
  }

  async function answerFile(response, url) {
    const path = normalize(join(root, 'dist', url.pathname));
    const file = extname(path) && path.startsWith(join(root, 'dist')) ? path : join(root, 'dist', 'index.html');
    const bytes = await readFile(file).catch(() => null);
    if (bytes === null) return problem(response, 404, 'unknown_route');
    response.writeHead(200, { ...headers, 'Content-Type': types[extname(file)] ?? 'application/octet-stream' });
    response.end(bytes);
    return undefined;
  }

  async function answerSession(request, response, path, signedIn) {
    const cookie = { 'Set-Cookie': 'fansipan=mock; HttpOnly; SameSite=Strict; Path=/' };
    if (path === 'set-up') {
      const { token } = await bodyOf(request);
      if (token !== 'one-time') return problem(response, 401, 'set_up_link_invalid');
      state.setUpNeeded = false;
      return json(response, world.session(true), 201, cookie);
    }
    if (request.method === 'POST') {
      const { name, password } = await bodyOf(request);
      if (name !== 'hoa' || password !== 'mot-mat-khau-dai') return problem(response, 401, 'sign_in_failed');
      return json(response, world.session(true), 201, cookie);
    }
    if (request.method === 'DELETE') {
      response.writeHead(204, { ...headers, 'Set-Cookie': 'fansipan=; Max-Age=0; Path=/' });
      return response.end();
    }
    return json(response, world.session(signedIn, state.setUpNeeded));
  }

  async function answerApi(request, response, url) {
    const path = url.pathname.slice('/api/v1/'.length);
    const query = (name) => url.searchParams.get(name);
    const signedIn = (request.headers.cookie ?? '').includes('fansipan=mock');
    if (path === 'session' || path === 'set-up') return answerSession(request, response, path, signedIn);
    if (!signedIn) return problem(response, 401, 'sign_in_needed');
    const [resource, name, what] = path.split('/');
    const tree = query('tree') ?? (name === 'public_services_agencies' || query('panel') === 'public_services_agencies' ? 'organisation' : 'territory');
    const unit = world.findUnit(query('unit'), tree);
    if (unit === null) return problem(response, 404, 'unknown_unit', `there is no unit ${query('unit')}`, ['02600', '02614']);
    switch (`${resource}${what ? `/${what}` : ''}`) {
      case 'center': return json(response, world.center());
      case 'panels': return knownPanels.has(name) ? json(response, world.panel(unit, query('period'), query('as_of'), query('territory'))) : problem(response, 404, 'unknown_panel', 'no such panel', ['public_services']);
      case 'alarms': return json(response, world.alarms(query('from')));
      case 'explain': return name === 'change' ? answerChange(response, query, unit) : name === 'records' ? json(response, world.records(query('cursor'), Number(query('limit') ?? 50), query('as_of'), query('measure'))) : answerExplain(response, query, unit);
      case 'explain/records': return json(response, world.recordsOfChange(query('measure'), query('cause'), query('from'), query('to')));
      case 'periods': return json(response, world.periods(query('on') ?? world.snapshot().tick.slice(0, 10)));
      case 'units': return json(response, world.unitList(tree, query('parent')));
      case 'figures': return json(response, world.figuresBelow(query('indicator'), unit, query('period'), query('as_of')));
      case 'records/versions': return json(response, world.versions(query('key.case_number'), query('as_of')));
      case 'versions': return json(response, world.version(Number(name)));
      case 'versions/raw': return json(response, world.raw(Number(name)));
      case 'sources': return answerSources(response, name);
      case 'source-events': return json(response, world.sourceEvents(query('from')));
      case 'quality': return json(response, world.quality());
      case 'deliveries': return json(response, name ? world.delivery(Number(name)) : world.deliveries(query('cursor')));
      case 'deliveries/raw': return json(response, world.rawRow(Number(query('row'))));
      case 'sources/mappings': return path.endsWith('/try') ? answerTrial(request, response) : json(response, world.mappings());
      case 'replays': return answerReplays(request, response, query('source'));
      case 'secrets': return answerSecrets(request, response, name);
      case 'deliveries/replay': return json(response, { ...world.delivery(1285), replay_of: Number(name) }, 201);
      case 'quarantine': return answerQuarantine(request, response, name, query);
      case 'live': return stream(request, response, unit, query('panel'));
      default: return problem(response, 404, 'unknown_route');
    }
  }

  async function answerQuarantine(request, response, what, query) {
    if (what === 'summary') return json(response, world.quarantineSummary(query));
    if (what !== 'decisions') return json(response, world.quarantine(query));
    const done = world.decide(query, await bodyOf(request));
    return done ? json(response, done) : problem(response, 409, 'count_changed');
  }

  async function answerTrial(request, response) {
    const { text } = await bodyOf(request);
    return text.trim() === '' ? problem(response, 422, 'center_has_problems', 'case.sql:1:1: the mapping is empty') : json(response, world.mappingTrial());
  }

  function answerReplays(request, response, source) {
    if (request.method === 'POST') state.replay = world.replay(source);
    if (request.method === 'DELETE') state.replay = world.replay(state.replay?.source ?? null, 'stopped');
    if (state.replay) return json(response, state.replay, request.method === 'GET' ? 200 : 202);
    if (request.method !== 'GET') return problem(response, 404, 'no_replay');
    response.writeHead(204, headers);
    return response.end();
  }

  async function answerSecrets(request, response, name) {
    if (request.method === 'GET') return json(response, world.secretList());
    if (request.method === 'PUT') {
      const { value } = await bodyOf(request);
      state.secretValue = value;
    }
    world.secrets.set(name, request.method === 'PUT');
    response.writeHead(204, headers);
    return response.end();
  }

  function answerChange(response, query, unit) {
    const change = world.figureChange(query('indicator'), unit, query('period'), query('from'), query('to'));
    return change ? json(response, change) : problem(response, 404, 'unknown_indicator', 'no such indicator', ['on_time_rate']);
  }

  function answerSources(response, name) {
    const detail = name ? world.sourceDetail(name) : world.sources();
    return detail ? json(response, detail) : problem(response, 404, 'unknown_source', 'no such source', ['case_system']);
  }

  function answerExplain(response, query, unit) {
    const explanation = world.explanation(query('indicator'), unit, query('period'), query('as_of'), query('territory'));
    return explanation ? json(response, explanation) : problem(response, 404, 'unknown_indicator', 'no such indicator', ['on_time_rate']);
  }

  function stream(request, response, unit, panel) {
    if (!knownPanels.has(panel)) return problem(response, 404, 'unknown_panel', 'no such panel', ['public_services']);
    response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream' });
    const send = (event, data) => {
      const id = event === 'heartbeat' ? '' : `id: ${world.sequence}.${world.now}000\n`;
      if (!state.hold) response.write(`${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    };
    send('snapshot', world.panel(unit));
    const timer = setInterval(() => {
      world.now += 2_000;
      send('heartbeat', { tick: world.snapshot().tick });
    }, 2_000);
    const one = { send, unit };
    state.streams.add(one);
    request.on('close', () => {
      clearInterval(timer);
      state.streams.delete(one);
    });
    return undefined;
  }

  await new Promise((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    world, state,
    /** One more case comes in: every viewer gets the change. */
    push() { for (const { send, unit } of state.streams) send('change', world.change(unit)); },
    /** Viewers get a fresh snapshot, as after a reconnection. */
    snapshot() {
      world.sequence += 1;
      for (const { send, unit } of state.streams) send('snapshot', world.panel(unit));
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { address } = await startMockServer({ port: Number(process.env.PORT ?? 8090) });
  console.log(`${address}  sign in as hoa with mot-mat-khau-dai`);
}
