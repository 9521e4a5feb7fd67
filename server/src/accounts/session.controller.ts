import { Body, Controller, Delete, Get, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { SessionInfo } from '@throughline/strategy-contract';
import type { Request, Response } from 'express';
import { AppConfig } from '../platform/config/index.js';
import { CurrentUser } from './current-user.js';
import { Public } from '../platform/http/index.js';
import { writeSessionCookie } from './session-cookie.js';
import { SessionEnds } from './session-ends.js';
import { SESSION_LIFETIME_MS, SessionStore } from './session.store.js';
import { SignIn } from './sign-in.js';
import { SignInRequest } from './sign-in-request.js';
import type { SignedIn } from './signed-in.js';

/** Signing in and out. */
@ApiTags('accounts')
@Controller('session')
export class SessionController {
  constructor(
    private readonly signIn: SignIn,
    private readonly sessions: SessionStore,
    private readonly ends: SessionEnds,
    private readonly config: AppConfig,
  ) {}

  @Public()
  @Post()
  @HttpCode(204)
  async create(
    @Body() body: SignInRequest,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const address = request.ip ?? '';
    const token =
      body.token === undefined
        ? await this.signIn.byPassword(address, body.email ?? '', body.password ?? '')
        : await this.signIn.byLink(address, body.token);
    this.setCookie(response, token, SESSION_LIFETIME_MS / 1000);
  }

  @Get()
  @Header('Cache-Control', 'no-store')
  read(@CurrentUser() { id, email, role }: SignedIn): SessionInfo {
    return { user: { id, email, role }, transport: this.config.transport };
  }

  @Delete()
  @HttpCode(204)
  async remove(@CurrentUser() user: SignedIn, @Res({ passthrough: true }) response: Response): Promise<void> {
    this.ends.announce(await this.sessions.end(user.sessionId));
    // The guard may just have renewed it: one answer, one cookie.
    response.removeHeader('Set-Cookie');
    this.setCookie(response, '', 0);
  }

  private setCookie(response: Response, token: string, maxAgeSeconds: number): void {
    writeSessionCookie(response, token, { maxAgeSeconds, publicUrl: this.config.publicUrl });
  }
}
