export { StrategiesModule } from './strategies.module.js';
export { StrategyLibrary } from './strategy-library.js';
