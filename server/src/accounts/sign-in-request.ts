import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateBy, ValidateIf } from 'class-validator';
import { toCanonicalEmail } from './email-address.js';
import { IsText } from './is-text.js';

const hasNoToken = (body: SignInRequest): boolean => body.token === undefined;

/** Fails where a password comes along with the link's token: which of the two is meant would be a guess. */
function IsAlone(): PropertyDecorator {
  return ValidateBy({
    name: 'alone',
    validator: {
      validate: (_, args) => {
        const body = args?.object as SignInRequest | undefined;
        return body?.email === undefined && body?.password === undefined;
      },
      defaultMessage: () => 'Send either an email and a password, or the token of a sign-in link.',
    },
  });
}

/** Body of `POST /session`: `{ email, password }`, or `{ token }` of a sign-in link. */
export class SignInRequest {
  /** Looked up, not judged: an address that no account has is answered as a wrong password is. */
  @ApiPropertyOptional({ maxLength: 254 })
  @ValidateIf(hasNoToken)
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? toCanonicalEmail(value) : value))
  @IsText(1, 254)
  email?: string;

  @ApiPropertyOptional({ maxLength: 200 })
  @ValidateIf(hasNoToken)
  @IsText(1, 200)
  password?: string;

  @ApiPropertyOptional({ maxLength: 200 })
  @ValidateIf((body: SignInRequest) => !hasNoToken(body))
  @IsAlone()
  @IsText(1, 200)
  token?: string;
}
