import { InjectionToken } from '@angular/core';

/** Reads the bytes of one stream, a character split over two chunks included. */
export interface StreamDecoder {
  decode(bytes: Uint8Array, options: { stream: boolean }): string;
}

/** What makes decoders for the fetch transport. Default: the browser's `TextDecoder`, which leaves the BOM to the parser. */
export const SSE_DECODER = new InjectionToken<() => StreamDecoder>('SSE_DECODER', {
  providedIn: 'root',
  // One that ate the BOM would let the parser eat another, which is text.
  factory: () => () => new TextDecoder('utf-8', { ignoreBOM: true }),
});
