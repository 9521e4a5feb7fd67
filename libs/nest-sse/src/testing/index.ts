export * from './collect-events.js';
export { type ContractSuiteOptions, type ContractTestApi, type ContractTestFunction } from './contract-suite.js';
export * from './event-stream-parser.js';
export * from './received-frame.js';
export * from './memory-lease-store.js';
export * from './register-connection-leases-tests.js';
export * from './register-event-log-tests.js';
export * from './sse-test-client.js';
export * from './test-clock.js';
