import {
  BRIEF_FIELDS,
  isFieldFilled,
  readField,
  type Brief,
  type BriefGroup,
  type Input,
} from '@throughline/strategy-contract';

/** Paths of the brief's fields. */
export type BriefPath = { [G in BriefGroup]: `${G}.${keyof Brief[G] & string}` }[BriefGroup];

/** What a field holds where it is filled in. */
export type FieldValue<P extends BriefPath> = P extends `${infer G extends BriefGroup}.${infer K}`
  ? K extends keyof Brief[G]
    ? Exclude<Brief[G][K], undefined>
    : never
  : never;

/** The only way for a section to see the brief: it remembers which fields were looked at, so that none goes uncited. */
export class BriefReader {
  private readonly looked = new Set<string>();

  constructor(private readonly brief: Brief) {}

  /** The value of a field, or `undefined` where it says nothing. Either way the field counts as used. */
  read<P extends BriefPath>(path: P): FieldValue<P> | undefined {
    this.looked.add(path);
    return isFieldFilled(this.brief, path) ? (readField(this.brief, path) as FieldValue<P>) : undefined;
  }

  /** Fields looked at, whether filled in or not: filling in one of them would change what was made. */
  fieldsRead(): Input[] {
    return BRIEF_FIELDS.filter(({ path }) => this.looked.has(path)).map(({ path }) => ({ field: path }));
  }
}
