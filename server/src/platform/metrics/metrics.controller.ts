import { timingSafeEqual } from 'node:crypto';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { Request, Response } from 'express';
import { Registry } from 'prom-client';
import { AppConfig } from '../config/index.js';
import { ProblemException, Public } from '../http/index.js';

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

@ApiExcludeController()
@Public()
@SkipThrottle()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly registry: Registry,
    private readonly config: AppConfig,
  ) {}

  /** Prometheus text. With a token configured: for its bearer; without one: on loopback only. */
  @Get()
  async read(@Req() request: Request, @Res() response: Response): Promise<void> {
    this.admit(request);
    response.set('Content-Type', this.registry.contentType).send(await this.registry.metrics());
  }

  private admit(request: Request): void {
    const { metricsToken } = this.config;
    if (metricsToken !== undefined) {
      if (isSame(request.headers.authorization ?? '', `Bearer ${metricsToken}`)) return;
      throw new ProblemException(401, 'not_signed_in', 'Send the metrics token as Authorization: Bearer.', {
        headers: { 'WWW-Authenticate': 'Bearer' },
      });
    }
    // A request through a proxy on this machine also comes from loopback; it names where it was forwarded for.
    const isForwarded = request.headers['x-forwarded-for'] !== undefined || request.headers['forwarded'] !== undefined;
    if (isForwarded || !LOOPBACK.test(request.socket.remoteAddress ?? '')) {
      throw new ProblemException(404, 'not_found', 'There is nothing here.');
    }
  }
}
