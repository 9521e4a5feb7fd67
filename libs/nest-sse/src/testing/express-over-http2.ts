import { createServer, Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { ExpressAdapter } from '@nestjs/platform-express';

interface ExpressPrototypes {
  request: object;
  response: object;
}

/**
 * Express over HTTP/2. By itself it cannot: it gives each request and response the prototypes of `node:http`, and with
 * them go the accessors of Node's HTTP/2 compatibility layer. So Express's own are put on that layer's instead.
 */
export class Http2ExpressAdapter extends ExpressAdapter {
  override initHttpServer(): void {
    const app = this.getInstance<ExpressPrototypes>();
    app.request = rebase(app.request, Http2ServerRequest.prototype);
    app.response = rebase(app.response, Http2ServerResponse.prototype);
    this.httpServer = createServer(app as never) as never;
  }
}

/** A prototype of an app, and Express's that it stands on, copied onto another base. */
function rebase(prototype: object, base: object): object {
  const copy = (source: object, parent: object): object =>
    Object.create(parent, Object.getOwnPropertyDescriptors(source)) as object;
  return copy(prototype, copy(Object.getPrototypeOf(prototype) as object, base));
}
