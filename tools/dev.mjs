/** `npm run dev`: server and client, rebuilt and reloaded at each change. The page is on http://127.0.0.1:4200. */
import concurrently from 'concurrently';
import { root, run, toolEnv } from './run.mjs';

const { code } = await run('tsc', ['-b']);
if (code !== 0) process.exit(code);

const options = { cwd: root, env: toolEnv };
const { result } = concurrently(
  [
    { ...options, name: 'types', command: 'tsc -b --watch --preserveWatchOutput' },
    {
      ...options,
      name: 'server',
      command: 'node --disable-warning=ExperimentalWarning --watch --watch-preserve-output server/dist/src/main.js',
    },
    { ...options, name: 'client', command: 'ng serve --host 127.0.0.1' },
  ],
  { killOthersOn: ['failure', 'success'], prefixColors: 'auto' },
);
await result.catch(() => process.exit(1));
