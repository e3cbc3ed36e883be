import { expect, it } from 'vitest';
import { EventParser } from './event_parser';

const text = ': hello\r\nid: 7.1\r\nevent: change\r\ndata: {"a":\r\ndata: 1}\r\n\r\nevent: heartbeat\ndata: {}\n\nevent: empty\n\n';
const expected = [{ event: 'change', data: '{"a":\n1}', id: '7.1' }, { event: 'heartbeat', data: '{}', id: null }];

it('gives the same events wherever the pieces are cut', () => {
  for (let cut = 0; cut <= text.length; cut += 1) {
    const parser = new EventParser();
    expect([...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))]).toEqual(expected);
  }
});

it('gives no event before its empty line', () => {
  expect(new EventParser().push('event: change\ndata: 1\n')).toEqual([]);
});
