import { type CustomDecorator, SetMetadata } from '@nestjs/common';

/** Metadata keys that `SessionGuard` reads, from the handler first and then from its controller. */
export const PUBLIC_ROUTE = 'throughline:public-route';
export const ADMIN_ROUTE = 'throughline:admin-route';
export const TICKET_ROUTE = 'throughline:ticket-route';

/** Opens a route, or all of a controller's, to requests that are not signed in; `request.user` is then absent. */
export const Public = (): CustomDecorator => SetMetadata(PUBLIC_ROUTE, true);

/** Answers a member with 403 `forbidden`. */
export const AdminOnly = (): CustomDecorator => SetMetadata(ADMIN_ROUTE, true);

/**
 * Lets a one-use ticket in the query (`?ticket=`) stand for the cookie: only for streams and their pages, since a URL
 * ends up in logs and histories.
 */
export const AcceptsTicket = (): CustomDecorator => SetMetadata(TICKET_ROUTE, true);
