/** The process of the load client: does what the driver says, one command at a time, and answers each. */
import { LoadGroup } from './load-group.mjs';

const group = new LoadGroup();

process.on('message', async ({ command, plan }) => {
  try {
    process.send({ answer: (await group[command](plan)) ?? {} });
  } catch (error) {
    process.send({ error: error.message });
  }
});
process.once('disconnect', () => process.exit(0));
