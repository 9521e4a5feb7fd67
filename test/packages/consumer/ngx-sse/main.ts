/** Compiled and run in an app that has the package installed, beside the first stream of the README. */
import { bootstrapApplication } from '@angular/platform-browser';
import { appConfig, Prices } from './first-stream';

bootstrapApplication(Prices, appConfig).catch(reportError);
