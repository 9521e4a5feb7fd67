import type { PayloadClass } from '../events/define-events.js';

/** What class-validator says of one property. */
interface PropertyError {
  readonly property: string;
  readonly constraints?: Readonly<Record<string, string>>;
  readonly children?: readonly PropertyError[];
}

/** Checks data against a class; answers with what is wrong, each with its path. */
export type ClassCheck = (payload: PayloadClass, data: unknown) => string[];

/** Loads a package by its name; replaced in tests. */
export type PackageLoader = (name: string) => Promise<unknown>;

/** Not a literal for the compiler or a bundler: both packages are the app's choice, and absent in many. */
const importPackage: PackageLoader = (name) => import(name);

/**
 * The check of Nest's own `ValidationPipe`, class-validator after class-transformer, for what goes out; `undefined` where
 * one of them is not installed. What the class does not name is let pass.
 */
export async function loadClassCheck(load: PackageLoader = importPackage): Promise<ClassCheck | undefined> {
  const validator = await loadOptional(load, 'class-validator');
  const transformer = validator && (await loadOptional(load, 'class-transformer'));
  if (!validator || !transformer) return undefined;
  const { validateSync } = validator as {
    validateSync(instance: object, options: Record<string, unknown>): PropertyError[];
  };
  const { plainToInstance } = transformer as { plainToInstance(payload: PayloadClass, data: unknown): object };
  return (payload, data) => {
    if (typeof data !== 'object' || data === null || Array.isArray(data)) return ['data: is not an object'];
    const instance = data instanceof payload ? data : plainToInstance(payload, data);
    // A class without any decorator documents and does not check.
    return validateSync(instance, { forbidUnknownValues: false }).flatMap((error) => problemsOf(error, 'data'));
  };
}

async function loadOptional(load: PackageLoader, name: string): Promise<unknown> {
  try {
    return await load(name);
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    const isAbsent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    // Absent itself, not something that it needs: an installation that is broken is to be heard of.
    if (isAbsent && message?.includes(`'${name}'`)) return undefined;
    throw error;
  }
}

function problemsOf({ property, constraints, children }: PropertyError, parent: string): string[] {
  const path = `${parent}.${property}`;
  const own = Object.values(constraints ?? {}).map((text) => `${path}: ${text}`);
  return [...own, ...(children ?? []).flatMap((child) => problemsOf(child, path))];
}
