// The peer and the clock of a transcript, as a `fetch` and a `clock` for the package.
import { setImmediate as turn } from 'node:timers/promises';

/** What Node's fetch says of failures. */
const CODES = { connect: 'ECONNREFUSED', tls: 'CERT_HAS_EXPIRED', name: 'ENOTFOUND', reset: 'ECONNRESET' };
/** Turns of the event loop after which nothing but the clock can go on. */
const TURNS = 4;

export class Peer {
  traffic = [];
  faults = [];
  /** True while the peer keeps a request or a body waiting: the next sleep is a time-out. */
  #silent = false;
  #now = 784_111_777_000;

  clock = {
    now: () => this.#now,
    sleep: (milliseconds, signal) => this.#sleep(milliseconds, signal),
    // A random number that makes the jitter vanish: 250 of 2^32.
    random: () => 250.5 / 0xffff_ffff,
  };

  fetch = async (url, init) => {
    this.#check(url, init);
    const next = this.traffic.shift();
    if (next?.is === 'answer') return this.#answer(next);
    if (next?.fault === 'timeout') return this.#never();
    if (next?.is === 'silence') throw failure('fetch failed', CODES[next.fault]);
    throw this.#unexpected(`an answer to ${url} from`, next);
  };

  #check(url, init) {
    const asked = `${init.method} ${url}`;
    const next = this.traffic.shift();
    if (next?.is !== 'request') throw this.#unexpected(`request ${asked} before`, next);
    if (next.asked !== asked) this.faults.push(`asked ${asked}, not ${next.asked}`);
    for (const [name, value] of next.fields) {
      const seen = init.headers.get(name);
      const fits = value === '-' ? seen === null : value === '*' ? seen !== null : seen === value;
      if (!fits) this.faults.push(`${asked}: ${name} is ${seen}, not ${value}`);
    }
    if (next.body !== undefined && text(init.body) !== next.body) this.faults.push(`${asked}: another body than ${next.body}`);
    if (init.credentials !== 'omit' || init.redirect !== 'manual') this.faults.push(`${asked}: cookies or redirects`);
  }

  #answer({ status, fields, chunks, fault }) {
    const left = chunks.map((chunk) => Buffer.from(chunk));
    const pull = (controller) => {
      const chunk = left.shift();
      if (chunk) return controller.enqueue(new Uint8Array(chunk));
      if (fault === 'reset') return controller.error(failure('terminated', 'UND_ERR_SOCKET'));
      return fault === 'stall' ? this.#never() : controller.close();
    };
    const body = left.length > 0 || fault ? new ReadableStream({ pull }, { highWaterMark: 0 }) : null;
    return new Response(body, { status, headers: fields });
  }

  #never() {
    this.#silent = true;
    return new Promise(() => {});
  }

  /** Time goes on only where nothing else can. */
  async #sleep(milliseconds, signal) {
    for (let turns = 0; turns < TURNS; turns += 1) {
      await turn();
      if (signal.aborted) return;
    }
    this.#now += milliseconds;
    if (this.#silent) {
      this.#silent = false;
      return;
    }
    const next = this.traffic.shift();
    if (next?.is !== 'wait') throw this.#unexpected(`wait of ${milliseconds} ms before`, next);
    const slack = next.about ? next.milliseconds / 4 : 1;
    if (Math.abs(milliseconds - next.milliseconds) > slack) this.faults.push(`waited ${milliseconds} ms, not ${next.milliseconds}`);
  }

  #unexpected(what, next) {
    this.faults.push(`unexpected ${what} ${JSON.stringify(next)}`);
    return new Error('not in the transcript');
  }
}

/** A body as transcripts write it. */
function text(body) {
  if (body === undefined || body === null) return '-';
  return typeof body === 'string' ? body : Buffer.from(body).toString();
}

function failure(message, code) {
  return new TypeError(message, { cause: Object.assign(new Error(message), { code }) });
}
