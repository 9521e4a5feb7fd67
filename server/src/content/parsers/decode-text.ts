import { unreadable } from './file-refused.js';

const SIGNATURES: readonly (readonly [bytes: readonly number[], what: string, advice: string])[] = [
  [[0x89, 0x50, 0x4e, 0x47], 'a PNG image', 'Choose the file that holds the inventory'],
  [[0xff, 0xd8, 0xff], 'a JPEG image', 'Choose the file that holds the inventory'],
  [[0x47, 0x49, 0x46, 0x38], 'a GIF image', 'Choose the file that holds the inventory'],
  [[0x52, 0x49, 0x46, 0x46], 'an image or media file', 'Choose the file that holds the inventory'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF document', 'Choose the file that holds the inventory'],
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive or an Excel workbook', 'Unpack it, or save the sheet as CSV'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Office document', 'Save the sheet as CSV'],
  [[0x1f, 0x8b], 'compressed with gzip', 'Unpack it first'],
];

const CONTROLS = /(?![\t\n\r\u0085])\p{Cc}|[\uFFFE\uFFFF]/gu;
const SAMPLE_CHARS = 65_536;

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

/** UTF-16 without a byte order mark: Latin text then has a zero in every second byte. */
function guessUtf16(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, 4096);
  const zeros = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2]! += 1;
  });
  const pairs = sample.length / 2;
  if (zeros[1]! > pairs * 0.4 && zeros[0]! < pairs * 0.05) return 'utf-16le';
  if (zeros[0]! > pairs * 0.4 && zeros[1]! < pairs * 0.05) return 'utf-16be';
  return undefined;
}

function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 256));
  const label = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1]?.toLowerCase();
  // Bytes that read as ASCII are not UTF-16, whatever the declaration says.
  return label === undefined || /^utf-?(8|16)/.test(label) ? undefined : label;
}

function decodeDeclared(bytes: Uint8Array, label: string): string {
  try {
    return new TextDecoder(label).decode(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw unreadable(`The file says that it is encoded as "${label}", which is not known. Save it as UTF-8.`, {
      line: 1,
    });
  }
}

/** UTF-8; else windows-1252, unless it is UTF-8 with a few broken characters, as a cell cut in the middle of one leaves. */
function decodeUndeclared(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8').decode(bytes);
  const broken = text.match(/\uFFFD/g)?.length ?? 0;
  if (broken === 0) return text;
  const wellFormed = text.match(/[^\p{ASCII}\uFFFD]/gu)?.length ?? 0;
  return wellFormed >= broken ? text : new TextDecoder('windows-1252').decode(bytes);
}

function decode(bytes: Uint8Array): string {
  if (startsWith(bytes, [0xff, 0xfe])) return new TextDecoder('utf-16le').decode(bytes);
  if (startsWith(bytes, [0xfe, 0xff])) return new TextDecoder('utf-16be').decode(bytes);
  const utf16 = guessUtf16(bytes);
  if (utf16 !== undefined) return new TextDecoder(utf16).decode(bytes);
  const declared = startsWith(bytes, [0xef, 0xbb, 0xbf]) ? undefined : declaredEncoding(bytes);
  return declared === undefined ? decodeUndeclared(bytes) : decodeDeclared(bytes, declared);
}

/**
 * Reads a file's bytes as text: UTF-8, UTF-16 (with or without a mark), windows-1252, or what an XML declaration names.
 * Control characters other than tabs and line ends are removed. Throws {@link FileRefused} where it is not text.
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length === 0) throw unreadable('The file is empty.');
  for (const [signature, what, advice] of SIGNATURES) {
    if (startsWith(bytes, signature)) throw unreadable(`The file is ${what}, not text. ${advice}.`);
  }
  const text = decode(bytes);
  const controls = text.slice(0, SAMPLE_CHARS).match(CONTROLS)?.length ?? 0;
  if (controls >= 8 && controls > Math.min(text.length, SAMPLE_CHARS) * 0.05) {
    throw unreadable('The file is not text. Choose a CSV inventory, an RSS or Atom feed, or a sitemap.');
  }
  const clean = text.replace(CONTROLS, '');
  if (clean.trim() === '') throw unreadable('The file is empty: there is nothing in it but blanks.');
  return clean;
}
