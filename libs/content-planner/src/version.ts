/** Version of the planner's methods; a document keeps it, so that a reader knows by which methods it was made. */
export const PLANNER_VERSION = '0.1.0';
