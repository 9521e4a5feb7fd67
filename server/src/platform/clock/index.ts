export { CLOCK, type Clock, ClockModule, systemClock } from './clock.module.js';
