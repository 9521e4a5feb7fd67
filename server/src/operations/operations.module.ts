import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/index.js';
import { ConnectionsController } from './connections.controller.js';
import { SessionRevocation } from './session-revocation.js';

@Module({ imports: [AccountsModule], controllers: [ConnectionsController], providers: [SessionRevocation] })
export class OperationsModule {}
