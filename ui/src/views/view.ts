/** What every view of a port is given. */
export interface ViewProps {
  document: string;
  node: string;
  port: string;
  /** Changes when what lies there may have changed. */
  fresh: string;
  /** Shown in its place when it cannot be had. */
  refused: (problem: { id: string; what: string; remedy: string }) => React.ReactNode;
}
