import { Module } from '@nestjs/common';
import { ContentModule } from '../content/index.js';
import { StrategiesModule } from '../strategies/index.js';
import { SampleController } from './sample.controller.js';

@Module({ imports: [ContentModule, StrategiesModule], controllers: [SampleController] })
export class SampleModule {}
