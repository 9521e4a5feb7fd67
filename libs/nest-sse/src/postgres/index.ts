export { createLeaseTable, type LeaseTableOptions } from './lease-table.js';
export * from './postgres-connection-leases.js';
