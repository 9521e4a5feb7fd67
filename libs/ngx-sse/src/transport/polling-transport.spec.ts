import { describeTransport } from './testing/transport-contract';

describeTransport('polling');
