import { SOURCE_FORMATS, SOURCE_KINDS, type SourceFormat, type SourceKind } from '@throughline/strategy-contract';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsIn, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { toLine } from './parsers/plain-text.js';

/** Names are shown in lists and compared with the brief's: one line, no invisible control characters. */
function toName({ value }: TransformFnParams): unknown {
  return typeof value === 'string' ? toLine(value) : value;
}

/** The fields of an upload besides its file. */
export class ImportRequest {
  @IsIn(SOURCE_KINDS, { message: 'Say whose content this is: own or competitor.' })
  kind!: SourceKind;

  /** 1 to 200 characters. */
  @Transform(toName)
  @MaxLength(200, { message: 'Use a name of at most 200 characters.' })
  @IsNotEmpty({ message: 'Give the source a name.' })
  @IsString({ message: 'Give the source a name.' })
  name!: string;

  /** Told from the content where it is absent. */
  @Transform(({ value }: TransformFnParams) => (value === '' ? undefined : (value as unknown)))
  @IsOptional()
  @IsIn(SOURCE_FORMATS, { message: `Choose from ${SOURCE_FORMATS.join(', ')}, or leave the format out.` })
  format?: SourceFormat;
}
