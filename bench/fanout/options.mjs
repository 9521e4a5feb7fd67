/** The flags of `npm run bench:fanout`. */
import { parseArgs } from 'node:util';
import { PEERS } from './bench-server.mjs';

/** What the flags are without being given: the sizes that the bars are for. */
const DEFAULTS = {
  case: 'all',
  peers: 'ours,bare,stock,better-sse',
  rounds: '3',
  connections: '2000',
  size: '400',
  messages: '400',
  pace: '25',
  burst: '300',
  idle: '1000,4000',
  sizes: '1000,2000,4000,8000',
  reconnecting: '5000',
  behind: '100',
  stalled: '1000',
  'stalled-messages': '10000',
  'stall-seconds': '60',
  'server-core': '0',
  'client-core': '1',
};

export const CASES = ['paced', 'burst', 'idle', 'reconnect', 'stalled', 'scale'];

/** Reads the flags. Throws with one clear sentence for what makes no sense. */
export function readOptions(argv = process.argv.slice(2)) {
  const options = Object.fromEntries(
    Object.entries(DEFAULTS).map(([name, fallback]) => [name, { type: 'string', default: fallback }]),
  );
  const { values } = parseArgs({ args: argv, options: { ...options, json: { type: 'string' } } });
  const numberOf = (name, text = values[name]) => {
    if (!/^\d+$/.test(text)) throw new Error(`--${name} takes whole numbers, not ${text}.`);
    return Number(text);
  };
  const listOf = (name) => values[name].split(',').map((text) => numberOf(name, text));
  return {
    cases: namesFrom('case', values.case === 'all' ? CASES.join() : values.case, CASES),
    peers: namesFrom('peers', values.peers, Object.keys(PEERS)),
    rounds: Math.max(1, numberOf('rounds')),
    connections: numberOf('connections'),
    size: numberOf('size'),
    paced: { count: numberOf('messages'), paceMs: Math.max(1, numberOf('pace')) },
    burst: { count: numberOf('burst'), paceMs: 0 },
    idle: listOf('idle'),
    sizes: listOf('sizes'),
    reconnecting: { clients: numberOf('reconnecting'), behind: numberOf('behind') },
    stalled: {
      clients: numberOf('stalled'),
      messages: numberOf('stalled-messages'),
      seconds: Math.max(1, numberOf('stall-seconds')),
    },
    cores: { server: numberOf('server-core'), client: numberOf('client-core') },
    json: values.json,
  };
}

/** The most streams that any of the chosen cases opens. */
export function mostConnections({ cases, connections, idle, sizes, reconnecting, stalled }) {
  const needed = {
    paced: connections,
    burst: connections,
    idle: Math.max(...idle),
    scale: Math.max(...sizes),
    reconnect: reconnecting.clients,
    stalled: stalled.clients,
  };
  return Math.max(...cases.map((name) => needed[name]));
}

function namesFrom(flag, text, known) {
  const names = text.split(',');
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--${flag} takes ${known.join(', ')}; there is no ${unknown}.`);
  return names;
}
