import { createHash, randomBytes } from 'node:crypto';

/** A secret that is given out once, and the digest that is kept of it. */
export interface SecretToken {
  /** 256 random bits, base64url (43 characters). */
  token: string;
  /** SHA-256 of `token`, in hexadecimal. */
  hash: string;
}

/**
 * The digest under which a token is stored. Plain SHA-256 is enough: unlike a password, 256 random bits cannot be
 * guessed, and a look-up by digest tells nothing by its time.
 */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Makes a token that nobody can guess. */
export function createSecretToken(): SecretToken {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashToken(token) };
}
