import { describeTransport } from './testing/transport-contract';

describeTransport('native');
