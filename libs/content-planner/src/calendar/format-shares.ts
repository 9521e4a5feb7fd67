import type { ContentFormat } from '@throughline/strategy-contract';

const DEEP: ReadonlySet<ContentFormat> = new Set(['guide', 'whitepaper', 'article', 'interactive', 'webinar']);

/** What decides which format an item takes. */
export interface FormatWishes {
  formats: readonly ContentFormat[];
  preferences: readonly ContentFormat[];
  /** Percent by format. */
  mix?: Partial<Record<ContentFormat, number>>;
}

/** Gives formats so that their shares come near the mix; without a mix, preferred formats come twice as often. */
export class FormatShares {
  private readonly shares: Map<ContentFormat, number>;
  private readonly given = new Map<ContentFormat, number>();
  private total = 0;

  constructor({ formats, preferences, mix }: FormatWishes) {
    const weights = formats.map((format) => {
      const weight = mix === undefined ? (preferences.includes(format) ? 2 : 1) : (mix[format] ?? 0);
      return [format, weight] as const;
    });
    const sum = weights.reduce((total, [, weight]) => total + weight, 0);
    // A mix of formats that are not to be made says nothing about those that are.
    this.shares = new Map(weights.map(([format, weight]) => [format, sum === 0 ? 1 / formats.length : weight / sum]));
  }

  /** The next format: the one furthest behind its share; a deep one where depth is asked for. */
  next(isDeep: boolean): ContentFormat {
    const wanted = [...this.shares].filter(([, share]) => share > 0);
    const deep = wanted.filter(([format]) => DEEP.has(format));
    const behind = (isDeep && deep.length > 0 ? deep : wanted)
      .map(([format, share], order) => {
        const lag = share * (this.total + 1) - (this.given.get(format) ?? 0);
        return { format, order, lag };
      })
      .sort((a, b) => b.lag - a.lag || a.order - b.order);
    const { format } = behind[0] as { format: ContentFormat };
    this.given.set(format, (this.given.get(format) ?? 0) + 1);
    this.total += 1;
    return format;
  }
}
