import { memo } from "react";
import type { NodeState } from "../api/generated";
import css from "./StateMark.module.css";

type State = NodeState["state"];

const RING = <circle className={css.line} r="6.8" />;

/** A shape for each state, as in reports: told apart without colour. */
const MARKS: Record<State, React.ReactNode> = {
  done: (
    <>
      <circle r="7.5" />
      <path className={css.on} d="M-3.4 .3-1 2.7 3.5-2.3" />
    </>
  ),
  failed: (
    <>
      <path d="M-3.3-8h6.6L8-3.3v6.6L3.3 8h-6.6L-8 3.3v-6.6z" />
      <path className={css.on} d="M0-4v4.5M0 3.6v.1" />
    </>
  ),
  stale: (
    <>
      <circle className={css.line} r="6.8" />
      <path d="M-6.8 0A6.8 6.8 0 0 1 6.8 0z" />
    </>
  ),
  running: (
    <>
      <circle className={css.track} r="6.8" />
      <path className={css.spin} d="M0-6.8A6.8 6.8 0 0 1 6.8 0" />
    </>
  ),
  waiting: (
    <>
      {RING}
      <path className={css.line} d="M0-3.4V0l2.3 1.6" />
    </>
  ),
  ready: RING,
  incomplete: (
    <>
      <circle className={css.dashed} r="6.8" />
      <path className={css.line} d="M-2.9 0v.1M0 0v.1M2.9 0v.1" />
    </>
  ),
  cancelled: (
    <>
      <rect x="-7" y="-7" width="14" height="14" rx="3" />
      <path className={css.on} d="M-2.7-2.7 2.7 2.7M2.7-2.7-2.7 2.7" />
    </>
  ),
  interrupted: (
    <>
      <path d="M0-9 9 0 0 9-9 0z" />
      <path className={css.on} d="M.7-4-1.7.4H1.7L-.7 4" />
    </>
  ),
  placeholder: (
    <>
      <circle className={css.dashed} r="6.8" />
      <path className={css.line} d="M-1.8-1.6C-1.6-4.4 2.4-4 2-1.5 1.8-.2 0 0 0 1.5M0 3.7v.1" />
    </>
  ),
};

/** The state light of a node: a colour and a shape. */
export const StateMark = memo(function StateMark({
  state,
  name,
  size = 16,
}: {
  state: State;
  name: string;
  size?: number;
}) {
  return (
    <svg
      className={css.mark}
      data-state={state}
      width={size}
      height={size}
      viewBox="-10 -10 20 20"
      role="img"
      aria-label={name}
    >
      <title>{name}</title>
      {MARKS[state]}
    </svg>
  );
});
