export { ManualClock } from './manual-clock';
export { provideSseTesting } from './provide-sse-testing';
export { SseTestingController, type UrlMatch } from './sse-testing-controller';
export { TestPage } from './test-page';
export { TestStream, type TestOpening } from './test-stream';
export type { TestRequest } from './test-source';
