export * from './register-event-log-tests.js';
