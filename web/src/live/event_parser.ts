/** One event of a text/event-stream. */
export interface ServerEvent {
  event: string;
  data: string;
  id: string | null;
}

const longestLine = 16 * 1024 * 1024;

/**
 * Cuts a text/event-stream into events as pieces of it arrive. A piece may end anywhere, also between
 * CR and LF. A line longer than 16 Mi characters is an error: the stream is not what it says.
 */
export class EventParser {
  private rest = '';
  private event = '';
  private data: string[] = [];
  private id: string | null = null;

  push(piece: string): ServerEvent[] {
    this.rest += piece;
    const events: ServerEvent[] = [];
    for (;;) {
      const end = this.rest.search(/\r\n|\n|\r(?=[^])/);
      if (end < 0) break;
      const line = this.rest.slice(0, end);
      this.rest = this.rest.slice(this.rest.startsWith('\r\n', end) ? end + 2 : end + 1);
      const complete = this.takeLine(line);
      if (complete) events.push(complete);
    }
    if (this.rest.length > longestLine) throw new Error('a line of the stream is too long');
    return events;
  }

  private takeLine(line: string): ServerEvent | null {
    if (line === '') return this.finish();
    const colon = line.indexOf(':');
    if (colon === 0) return null;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.event = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'id') this.id = value;
    return null;
  }

  private finish(): ServerEvent | null {
    const complete = this.data.length > 0 ? { event: this.event || 'message', data: this.data.join('\n'), id: this.id } : null;
    this.event = '';
    this.data = [];
    this.id = null;
    return complete;
  }
}
