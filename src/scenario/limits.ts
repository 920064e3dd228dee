/** How large an ensemble a plan can describe. */
export const SERVERS_MAX = 15;
export const OBSERVERS_MAX = 15;
export const CLIENTS_MAX = 50;
