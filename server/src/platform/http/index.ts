export { decodePageCursor, encodePageCursor } from './page-cursor.js';
export { PageQuery } from './page-query.js';
export { ProblemException } from './problem-exception.js';
export { ProblemFilter } from './problem.filter.js';
export { createValidationPipe } from './create-validation-pipe.js';
export { refuseNul } from './refuse-nul.js';
export { documentationPolicy, securityHeaders } from './security-headers.js';
export { RequestLimitModule } from './request-limit.module.js';
export { AcceptsTicket, ADMIN_ROUTE, AdminOnly, Public, PUBLIC_ROUTE, TICKET_ROUTE } from './route-access.js';
