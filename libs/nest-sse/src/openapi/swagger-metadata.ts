/**
 * Where `@nestjs/swagger` looks for what a handler and a model say of themselves. It is written there without importing
 * it: decorators run synchronously while classes are made, and most apps that stream do not have it. The keys are those
 * of its versions 4 to 12; `openapi.spec.ts` holds them to what it does.
 */
const KEYS = {
  parameters: 'swagger/apiParameters',
  responses: 'swagger/apiResponse',
  extraModels: 'swagger/apiExtraModels',
  schema: 'swagger/apiSchema',
  properties: 'swagger/apiModelProperties',
  propertyNames: 'swagger/apiModelPropertiesArray',
} as const;

/** A part of an OpenAPI document. */
export type OpenApiObject = Record<string, unknown>;

/** A parameter of an operation. */
export interface OpenApiParameter extends OpenApiObject {
  readonly name: string;
  readonly in: 'query' | 'header';
}

/** A class that stands for a component schema. */
export type Model = abstract new (...args: never[]) => unknown;

/** Adds parameters to a handler's operation, but those that it names itself. */
export function addParameters(handler: object, parameters: readonly OpenApiParameter[]): void {
  const own = read<OpenApiParameter[]>(KEYS.parameters, handler) ?? [];
  const missing = parameters.filter((it) => !own.some(({ name, in: place }) => name === it.name && place === it.in));
  Reflect.defineMetadata(KEYS.parameters, [...missing, ...own], handler);
}

/** Adds responses, by status, to a handler's operation; what the handler says of one itself stays. */
export function addResponses(handler: object, responses: Readonly<Record<string, OpenApiObject>>): void {
  const merged = { ...read<Record<string, OpenApiObject>>(KEYS.responses, handler) };
  for (const [status, response] of Object.entries(responses)) {
    const own = Object.entries(merged[status] ?? {}).filter(([, value]) => value !== undefined && value !== '');
    merged[status] = { ...response, ...Object.fromEntries(own) };
  }
  Reflect.defineMetadata(KEYS.responses, merged, handler);
}

/** Adds classes to the document's component schemas. */
export function addModels(handler: object, models: Iterable<Model>): void {
  const own = read<Model[]>(KEYS.extraModels, handler) ?? [];
  Reflect.defineMetadata(KEYS.extraModels, [...new Set([...own, ...models])], handler);
}

/** The reference to a class's component schema, by the name that `@ApiSchema()` gives it, else by its own. */
export function referenceTo(model: Model): OpenApiObject {
  const schemas = (Reflect.getOwnMetadata(KEYS.schema, model) ?? []) as { name?: string }[];
  return { $ref: `#/components/schemas/${schemas.at(-1)?.name ?? model.name}` };
}

/** Says of a class what `@ApiProperty()` would. */
export function describeModel(model: Model, properties: Readonly<Record<string, OpenApiObject>>): void {
  const prototype = model.prototype as object;
  const names = Object.keys(properties).map((name) => `:${name}`);
  Reflect.defineMetadata(KEYS.propertyNames, names, prototype);
  for (const [name, property] of Object.entries(properties)) {
    Reflect.defineMetadata(KEYS.properties, { required: true, ...property }, prototype, name);
  }
}

function read<T>(key: string, target: object): T | undefined {
  return Reflect.getMetadata(key, target) as T | undefined;
}
