import { ArrayMaxSize, IsArray, IsIn, IsObject, IsOptional, IsString, Length, Matches } from 'class-validator';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { EXPORT_FORMATS, type ExportFormat } from '@throughline/strategy-contract';
import { briefProperty } from './brief-documentation.js';

const NAME_MESSAGE = 'name must have 1 to 200 characters.';
const ONE_LINE = /^[^\u0000-\u001f\u007f]*$/;
const ONE_LINE_MESSAGE = 'name must be one line without control characters.';

/** Body of `POST /strategies`. */
export class CreateStrategyRequest {
  @ApiProperty({ minLength: 1, maxLength: 200 })
  @IsString({ message: 'name must be text.' })
  @Length(1, 200, { message: NAME_MESSAGE })
  @Matches(ONE_LINE, { message: ONE_LINE_MESSAGE })
  name!: string;

  /** A brief, complete or not. */
  @ApiPropertyOptional(briefProperty)
  @IsOptional()
  @IsObject({ message: 'brief must be an object.' })
  brief?: Record<string, unknown>;
}

/** Body of `PATCH /strategies/:id`: a JSON Merge Patch (RFC 7396). */
export class PatchStrategyRequest {
  @ApiPropertyOptional({ minLength: 1, maxLength: 200 })
  @IsOptional()
  @IsString({ message: 'name must be text.' })
  @Length(1, 200, { message: NAME_MESSAGE })
  @Matches(ONE_LINE, { message: ONE_LINE_MESSAGE })
  name?: string;

  @ApiPropertyOptional(briefProperty)
  @IsOptional()
  @IsObject({ message: 'brief must be an object.' })
  brief?: Record<string, unknown>;
}

/** Body of `POST /strategies/:id/runs`. */
export class StartRunRequest {
  /** The sources to use; without it all own sources, and competitors' that the brief names. */
  @ApiPropertyOptional({ type: [String], maxItems: 100 })
  @IsOptional()
  @IsArray({ message: 'sourceIds must be a list.' })
  @ArrayMaxSize(100, { message: 'sourceIds may name at most 100 sources.' })
  @IsString({ each: true, message: 'sourceIds must be texts.' })
  @Matches(/^[\w-]{1,64}$/, { each: true, message: 'A source id has 1 to 64 letters, digits, - and _.' })
  sourceIds?: string[];
}

/** Query of an export. */
export class ExportQuery {
  @ApiProperty({ enum: EXPORT_FORMATS })
  @IsIn(EXPORT_FORMATS, { message: `format must be one of ${EXPORT_FORMATS.join(', ')}.` })
  format!: ExportFormat;
}
