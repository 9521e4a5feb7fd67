import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AdminOnly, PageQuery } from '../platform/http/index.js';
import { CreateUserRequest } from './create-user-request.js';
import { CurrentUser } from './current-user.js';
import type { SignedIn } from './signed-in.js';
import { UserAccounts, type UserInfo } from './user-accounts.js';

/** Accounts, for admins. */
@ApiTags('accounts')
@AdminOnly()
@Controller('users')
export class UsersController {
  constructor(private readonly accounts: UserAccounts) {}

  @Post()
  async create(@Body() body: CreateUserRequest): Promise<UserInfo> {
    return this.accounts.create(body);
  }

  @Get()
  @Header('Cache-Control', 'no-store')
  async list(@Query() query: PageQuery): Promise<{ items: UserInfo[]; nextCursor?: string }> {
    return this.accounts.list(query);
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Param('id') id: string, @CurrentUser() user: SignedIn): Promise<void> {
    await this.accounts.remove(id, user.id);
  }
}
