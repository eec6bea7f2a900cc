/** The Arrow reader, loaded when the first table is looked at. */
export const arrow = () => import("apache-arrow");
