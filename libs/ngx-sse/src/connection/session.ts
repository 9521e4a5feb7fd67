export type { Session, SessionOwner } from '../stream/session';
export type { SessionFactory } from '../stream/session-ports';
