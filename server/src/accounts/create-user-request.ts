import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsEmail, IsIn } from 'class-validator';
import { toCanonicalEmail } from './email-address.js';
import { IsText } from './is-text.js';
import type { Role } from './signed-in.js';

const ROLES: readonly Role[] = ['member', 'admin'];

/** Body of `POST /users`. */
export class CreateUserRequest {
  /** Stored in lower case. Hosts without a dot are fine: many run this inside a network of their own. */
  @ApiProperty({ maxLength: 254 })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? toCanonicalEmail(value) : value))
  @IsEmail({ require_tld: false }, { message: 'email must be an e-mail address.' })
  email!: string;

  /** Length is what counts (NIST SP 800-63B): no rules about kinds of characters. */
  @ApiProperty({ minLength: 10, maxLength: 200 })
  @IsText(10, 200)
  password!: string;

  @ApiProperty({ enum: ROLES })
  @IsIn(ROLES, { message: `role must be ${ROLES.join(' or ')}.` })
  role!: Role;
}
