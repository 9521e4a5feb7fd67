export { createLoggerModule } from './logger.module.js';
