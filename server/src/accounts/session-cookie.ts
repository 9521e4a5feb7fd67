import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';

/** The cookie that carries a session's token. */
export const SESSION_COOKIE = 'throughline_session';

/** Behind TLS the cookie must not travel in the clear; on plain HTTP a `Secure` cookie would never come back. */
function isSecure(request: Request, publicUrl: string | undefined): boolean {
  return request.secure || publicUrl?.startsWith('https:') === true;
}

/** The session's token as the request carries it, if it does. */
export function readSessionCookie(request: Request): string | undefined {
  const { cookie } = request.headers;
  const token = cookie === undefined ? undefined : parseCookie(cookie)[SESSION_COOKIE];
  return token === '' ? undefined : token;
}

/** Sets the cookie for `maxAgeSeconds`; 0 with an empty token takes it away. The answer is not to be stored. */
export function writeSessionCookie(
  response: Response,
  token: string,
  { maxAgeSeconds, publicUrl }: { maxAgeSeconds: number; publicUrl: string | undefined },
): void {
  response.append(
    'Set-Cookie',
    stringifySetCookie({
      name: SESSION_COOKIE,
      value: token,
      maxAge: maxAgeSeconds,
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: isSecure(response.req, publicUrl),
    }),
  );
  response.set('Cache-Control', 'no-store');
}
