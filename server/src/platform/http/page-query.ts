import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** The query of every list. */
export class PageQuery {
  /** How many entries at most; 1 to 200. */
  @ApiPropertyOptional({ minimum: 1, maximum: 200, default: 50 })
  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: 'limit must be a whole number.' })
  @Min(1, { message: 'limit must be at least 1.' })
  @Max(200, { message: 'limit must be at most 200.' })
  limit: number = 50;

  /** The `nextCursor` of the page before. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString({ message: 'cursor must be text.' })
  @MaxLength(1000, { message: 'cursor is longer than any that was given out.' })
  cursor?: string;
}
