import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/index.js';
import { ConnectionLog } from './connection-log.js';
import { ConnectionLogSource } from './connection-log-source.js';
import { ConnectionReporter } from './connection-reporter.js';
import { ConnectionsController } from './connections.controller.js';
import { SessionRevocation } from './session-revocation.js';

@Module({
  imports: [AccountsModule],
  controllers: [ConnectionsController],
  providers: [ConnectionLog, ConnectionLogSource, ConnectionReporter, SessionRevocation],
})
export class OperationsModule {}
