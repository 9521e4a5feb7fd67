export { AppLogger } from './app-logger.js';
export { LoggingModule, requestLog } from './logging.module.js';
