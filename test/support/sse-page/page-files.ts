import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../../..');
/** Of each page, by its script: what is in its body. */
const PAGES = { main: '<sse-page></sse-page>', readers: '<p>Reads streams for specs.</p>' };

type PageName = keyof typeof PAGES;

/** Where the page is, on whichever server serves it. */
export const PAGE_PATH = '/sse-page/';
/** Where the page of readers is, which has the library's parts but no app. */
export const READERS_PATH = `${PAGE_PATH}readers/`;

/** The pages, bundled from the library's sources, to be served by any HTTP server. */
export class PageFiles {
  private static built: Promise<PageFiles> | undefined;

  private constructor(private readonly scripts: ReadonlyMap<string, string>) {}

  /** Builds them, once for all who ask in one process; takes about a second. */
  static build(): Promise<PageFiles> {
    this.built ??= bundle().then((scripts) => new PageFiles(scripts));
    return this.built;
  }

  /**
   * Answers a request for a page, and returns whether it was one: `createServer((request, response) => files.serve(request,
   * response) || …)`, or in an Express or Nest app `app.use((request, response, next) => files.serve(request, response) || next())`.
   */
  serve(request: Pick<IncomingMessage, 'url'>, response: ServerResponse): boolean {
    const path = request.url?.split('?', 1)[0] ?? '';
    const script = this.scripts.get(path);
    if (script !== undefined) send(response, 'text/javascript', script);
    else if (path === PAGE_PATH) send(response, 'text/html', htmlOf('main'));
    else if (path === READERS_PATH) send(response, 'text/html', htmlOf('readers'));
    else return false;
    return true;
  }
}

function htmlOf(name: PageName): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Streams under test</title>
    <link rel="icon" href="data:," />
  </head>
  <body>
    ${PAGES[name]}
    <script type="module" src="${scriptPath(name)}"></script>
  </body>
</html>`;
}

function scriptPath(name: string): string {
  return `${PAGE_PATH}${name}.js`;
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-cache' });
  response.end(body);
}

async function bundle(): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.keys(PAGES).map((name) => `test/support/sse-page/app/${name}.ts`),
    outdir: 'test/support/sse-page', // not written
    // Knows where the libraries' sources are, and how Angular wants decorators and fields.
    tsconfig: 'test/support/sse-page/app/tsconfig.json',
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    define: { ngDevMode: 'false', ngServerMode: 'false', ngJitMode: 'true' },
    logLevel: 'silent',
  });
  return new Map(outputFiles.map(({ path, text }) => [scriptPath(basename(path, '.js')), text]));
}
