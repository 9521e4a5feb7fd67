import type { ApiPropertyOptions } from '@nestjs/swagger';
import { briefDraftSchema } from '@throughline/strategy-contract';
import { toJsonSchema } from '@valibot/to-json-schema';

// What JSON Schema can't say (a mix that adds up to 100) is left out: the server's own check says it.
const { $schema: _dialect, ...schema } = toJsonSchema(briefDraftSchema, { errorMode: 'ignore' });

/** The brief as the API's documentation shows it, from the schema that checks it (OpenAPI 3.1 takes JSON Schema as it is). */
export const briefProperty = schema as unknown as ApiPropertyOptions;
