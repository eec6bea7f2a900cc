export { HttpSource, type TraceSource } from "./source/source";
export { Unfold } from "./Unfold";
