/**
 * `npm run bench:main-job [-- OWN.csv COMPETITOR.xml]`: what one person feels of the main job, on the built server with
 * its embedded database. Without files it takes the sample content. Times are this machine's, in one run.
 */
import { spawn } from 'node:child_process';
import { readFile, rm, mkdtemp } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';

const [ownFile, competitorFile] = process.argv.slice(2);
const main = join(import.meta.dirname, '../../server/dist/src/main.js');
const admin = { email: 'bench@example.org', password: 'bench bench bench' };

/** Starts the server; resolves when it takes requests, with how long that took. */
async function startServer(dataDir) {
  const began = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: '0',
      THROUGHLINE_DATA_DIR: dataDir,
      THROUGHLINE_ADMIN_EMAIL: admin.email,
      THROUGHLINE_ADMIN_PASSWORD: admin.password,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    let output = '';
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const ready = /ready on (\S+)/.exec(output);
      if (ready) resolve(ready[1]);
    });
  });
  const stop = () =>
    new Promise((resolve) => {
      child.removeAllListeners('exit');
      child.once('exit', resolve);
      child.kill('SIGTERM');
    });
  return { url, pid: child.pid, startMs: performance.now() - began, stop };
}

async function residentMb(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024);
}

/** Reads a stream by hand, so that first bytes are seen as they come. */
function follow(url, path, cookie) {
  const asked = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, url), { headers: { cookie, accept: 'text/event-stream' } }, (response) => {
      let text = '';
      let firstByteMs;
      const seenAt = {};
      response.on('data', (chunk) => {
        firstByteMs ??= performance.now() - asked;
        text += chunk;
        for (const event of ['progress', 'complete']) {
          if (seenAt[event] === undefined && text.includes(`event: ${event}\n`)) seenAt[event] = performance.now();
        }
      });
      response.on('end', () => resolve({ firstByteMs, seenAt, text }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

function brief(competitor) {
  return {
    business: {
      objectives: ['Make agencies aware of modern procurement and design practice'],
      targetMetrics: [{ name: 'Workshop enquiries', unit: 'leads', baseline: 20, target: 40 }],
      team: [{ role: 'Editor', hoursPerWeek: 20, hoursPerFormat: { article: 8, guide: 16 } }],
      country: 'US',
    },
    audience: {
      painPoints: ['Procurement takes too long', 'Sites are hard to use'],
      preferences: ['article', 'guide'],
    },
    competition: { competitors: competitor === undefined ? [] : [{ name: competitor }] },
    content: { formats: ['article', 'guide'], frequency: 'weekly', voice: 'authoritative' },
    analytics: {},
  };
}

const dataDir = await mkdtemp(join(tmpdir(), 'throughline-bench-'));
const figures = {};
try {
  const first = await startServer(dataDir);
  figures['first start, ms'] = Math.round(first.startMs);
  await first.stop();
  const server = await startServer(dataDir);
  figures['warm start, ms (bar 3000)'] = Math.round(server.startMs);
  const api = `${server.url}/api/v1`;
  const session = await fetch(`${api}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(admin),
  });
  const cookie = session.headers.getSetCookie()[0].split(';')[0];
  const post = async (path, body) => {
    const isForm = body instanceof FormData;
    const headers = { cookie, ...(isForm ? {} : { 'content-type': 'application/json' }) };
    const response = await fetch(api + path, {
      method: 'POST',
      headers,
      body: isForm ? body : JSON.stringify(body ?? {}),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const upload = async (file, kind) => {
    const form = new FormData();
    form.set('kind', kind);
    form.set('name', kind === 'own' ? 'Own site' : 'Competitor');
    form.set('file', new Blob([await readFile(file)]), basename(file));
    const began = performance.now();
    await post('/content-sources', form);
    figures[`import of ${basename(file)}, ms`] = Math.round(performance.now() - began);
  };
  const scrapeLag = async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return Math.round(Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)[1]) * 1000);
  };
  let strategyId;
  if (ownFile === undefined) ({ strategyId } = await post('/sample'));
  else {
    await upload(ownFile, 'own');
    if (competitorFile !== undefined) await upload(competitorFile, 'competitor');
    const name = competitorFile === undefined ? undefined : 'Competitor';
    ({ id: strategyId } = await post('/strategies', { name: 'Bench', brief: brief(name) }));
  }
  figures['at rest, MB resident (bar 700)'] = await residentMb(server.pid);
  await scrapeLag();
  const asked = performance.now();
  const run = await post(`/strategies/${strategyId}/runs`);
  const { firstByteMs, seenAt, text } = await follow(server.url, `/api/v1/runs/${run.id}/events`, cookie);
  figures['first byte of the stream, ms (bar 50)'] = Math.round(firstByteMs);
  figures['POST to first progress, ms (bar 300)'] = Math.round(seenAt.progress - asked);
  figures['POST to complete, ms (bar 20000)'] = Math.round(seenAt.complete - asked);
  figures['longest event loop delay during the run, ms (bar 50, includes 10 of the sampler)'] = await scrapeLag();
  figures['messages'] = text.split('\nid: ').length - 1;
  figures['after the run, MB resident'] = await residentMb(server.pid);
  await server.stop();
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
for (const [name, value] of Object.entries(figures)) console.log(`${String(value).padStart(7)}  ${name}`);
