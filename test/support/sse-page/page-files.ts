import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../../..');
const HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Connections</title>
    <link rel="icon" href="data:," />
  </head>
  <body>
    <sse-page></sse-page>
    <script type="module" src="main.js"></script>
  </body>
</html>`;

/** Where the page is, on whichever server serves it. */
export const PAGE_PATH = '/sse-page/';

/** The page, bundled from the library's sources, to be served by any HTTP server. */
export class PageFiles {
  private static built: Promise<PageFiles> | undefined;

  private constructor(private readonly script: string) {}

  /** Builds it, once for all who ask in one process; takes about a second. */
  static build(): Promise<PageFiles> {
    this.built ??= bundle().then((script) => new PageFiles(script));
    return this.built;
  }

  /**
   * Answers a request for the page, and returns whether it was one: `createServer((request, response) => files.serve(request,
   * response) || …)`, or in an Express or Nest app `app.use((request, response, next) => files.serve(request, response) || next())`.
   */
  serve(request: Pick<IncomingMessage, 'url'>, response: ServerResponse): boolean {
    const path = request.url?.split('?', 1)[0];
    if (path === PAGE_PATH) send(response, 'text/html', HTML);
    else if (path === `${PAGE_PATH}main.js`) send(response, 'text/javascript', this.script);
    else return false;
    return true;
  }
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-store' });
  response.end(body);
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['test/support/sse-page/app/main.ts'],
    // Knows where the libraries' sources are, and how Angular wants decorators and fields.
    tsconfig: 'test/support/sse-page/app/tsconfig.json',
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    define: { ngDevMode: 'false', ngServerMode: 'false', ngJitMode: 'true' },
    logLevel: 'silent',
  });
  return outputFiles.map(({ text }) => text).join('\n');
}
