/** What a request to a stream's route wants. */
export interface StreamAcceptance {
  /** JSON is preferred to the stream. */
  wantsPage: boolean;
  /** The stream is asked for by name, as EventSource does: it takes no other status than 200 and 204 for an answer. */
  namesStream: boolean;
}

/**
 * Reads an `Accept` header (RFC 9110, 12.5.1): JSON only where it is preferred to `text/event-stream`; a wildcard, a tie
 * and no header get the stream.
 */
export function readAccept(header: string | undefined): StreamAcceptance {
  const ranges = (header ?? '*/*').toLowerCase().split(',').map(readRange);
  const wantsPage = qualityOf('application', 'json', ranges) > qualityOf('text', 'event-stream', ranges);
  const namesStream = ranges.some(({ range, quality }) => range === 'text/event-stream' && quality > 0);
  return { wantsPage, namesStream: namesStream && !wantsPage };
}

interface MediaRange {
  range: string;
  quality: number;
}

function readRange(text: string): MediaRange {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim());
  const weight = parameters.find((parameter) => /^q\s*=/.test(parameter));
  const quality = weight === undefined ? 1 : Number(weight.replace(/^q\s*=\s*/, ''));
  return { range, quality: Number.isFinite(quality) ? quality : 0 };
}

/** The quality of a type: the most specific range that names it decides. */
function qualityOf(type: string, subtype: string, ranges: readonly MediaRange[]): number {
  for (const candidate of [`${type}/${subtype}`, `${type}/*`, '*/*']) {
    const match = ranges.find(({ range }) => range === candidate);
    if (match) return match.quality;
  }
  return 0;
}
