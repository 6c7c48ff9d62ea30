// The file format of tests/transcripts: see the README there.
import { createHash } from 'node:crypto';

/** Parses one transcript. */
export function parse(text) {
  const transcript = { registry: undefined, options: { trustedRealms: [], limits: {} }, native: false, calls: [] };
  text.split('\n').forEach((raw, at) => {
    const line = expand(raw);
    if (line.trim() === '' || line.startsWith('#')) return;
    if (!setUp(transcript, line) && !traffic(transcript.calls.at(-1), line)) throw new Error(`line ${at + 1}: ${line}`);
  });
  return transcript;
}

function setUp(transcript, line) {
  const [word, rest] = cut(line, ' ');
  const words = rest.split(' ');
  if (word === 'registry') transcript.registry = rest;
  else if (word === 'azure') transcript.azure = words;
  else if (word === 'credential' && words[0] === 'entra') transcript.entra = identity(words.slice(1));
  else if (word === 'credential') transcript.options.credential = credential(words);
  else if (word === 'trust') transcript.options.trustedRealms.push(rest);
  else if (word === 'limit') transcript.options.limits[words[0]] = Number(words[1]);
  else if (/^native\b/.test(word)) transcript.native = true;
  else if (word === 'call') transcript.calls.push({ words, traffic: [], expected: [] });
  else return false;
  return true;
}

function credential([form, first, second]) {
  if (form === 'basic') return { username: first, password: second };
  return form === 'identity' ? { identityToken: first } : { registryToken: first };
}

function identity([form, ...words]) {
  switch (form) {
    case 'secret': return { tenant: words[0], clientId: words[1], clientSecret: words[2] };
    case 'refresh': return { tenant: words[0], clientId: words[1], refreshToken: words[2] };
    case 'token': return { accessToken: words[0], ...(words[1] && { expires: Number(words[1]) }) };
    default: return { managedIdentity: words[0] ? { clientId: words[0] } : true };
  }
}

function traffic(call, line) {
  const [word, rest] = cut(line, ' ');
  const last = call?.traffic.at(-1);
  if (!call) return false;
  if (word === '>') {
    const field = /^([^ :]+): (.*)$/.exec(rest);
    if (last?.is === 'request' && rest.startsWith('body ')) last.body = rest.slice(5);
    else if (last?.is === 'request' && field) last.fields.push([field[1], field[2]]);
    else call.traffic.push({ is: 'request', asked: rest, fields: [] });
  } else if (word === '<') {
    const field = /^([^:]+):\s*(.*)$/.exec(rest);
    if (last?.is === 'answer' && field) last.fields.push([field[1], field[2]]);
    else call.traffic.push({ is: 'answer', status: Number(rest), fields: [], chunks: [] });
  } else if (word === '|') {
    last.chunks.push((last.chunks.length > 0 ? '\n' : '') + rest);
  } else if (word === '|*') {
    const [count, text] = cut(rest, ' ');
    last.chunks.push(text.repeat(Number(count)));
  } else if (word === '!') {
    if (last?.is === 'answer' && ['reset', 'stall'].includes(rest)) last.fault = rest;
    else call.traffic.push({ is: 'silence', fault: rest });
  } else if (word === 'wait') {
    const [, about, count, unit] = /^(~?)(\d+)(ms|s)$/.exec(rest);
    call.traffic.push({ is: 'wait', about: about !== '', milliseconds: Number(count) * (unit === 's' ? 1000 : 1) });
  } else if (word === '=') {
    call.expected.push(rest);
  } else {
    return false;
  }
  return true;
}

function cut(text, by) {
  const at = text.indexOf(by);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + by.length)];
}

/** Replaces `{sha256:TEXT}`, `{len:TEXT}` and `{jwt:ISSUED EXPIRES}`. */
function expand(line) {
  return line.replace(/\{(sha256|len|jwt):([^}]*)\}/g, (_, name, text) => {
    if (name === 'jwt') {
      const [issued, expires] = text.split(' ');
      return `e30.${Buffer.from(`{"iat":${issued},"exp":${expires}}`).toString('base64url')}.sig`;
    }
    const bytes = Buffer.from(text.replaceAll('\\n', '\n'));
    return name === 'len' ? String(bytes.length) : `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  });
}
