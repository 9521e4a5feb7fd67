import { Injectable, applyDecorators } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

/** Metadata of a run handler, found by Nest's `DiscoveryService`. */
export const RunKind = DiscoveryService.createDecorator<string>();

/**
 * Makes a provider the definition of a kind of run; the class implements `RunDefinition`. List it among a module's
 * providers, and `runs.start(kind, …)` finds it.
 *
 * @param kind 1 to 64 letters, digits, `_`, `-` or `.`; kept with each run, so don't rename it while runs are active
 */
export function RunHandler(kind: string): ClassDecorator {
  if (!/^[\w.-]{1,64}$/.test(kind)) {
    throw new RangeError(`A kind of run is 1 to 64 letters, digits, "_", "-" or ".", not ${JSON.stringify(kind)}.`);
  }
  return applyDecorators(Injectable(), RunKind(kind)) as ClassDecorator;
}
