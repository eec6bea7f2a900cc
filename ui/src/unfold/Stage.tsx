import { type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { BlockLevel } from "./levels/BlockLevel";
import { Layers } from "./levels/Layers";
import { Neuron } from "./levels/Neuron";
import { Time } from "./levels/Time";
import { useStill } from "./parts/colours";
import { LEVELS, type LookingStore, useLooking, useLookingStore } from "./state";

const VIEWS: (() => ReactNode)[] = [Layers, Time, BlockLevel, Neuron];
const MOST = LEVELS.length - 1;
const CLOSEST = 14;

/** The level looked at; between two levels both, the deeper one inside the place that it opens. */
export function Stage() {
  const store = useLookingStore();
  const low = useLooking((s) => Math.floor(s.zoom));
  const high = useLooking((s) => Math.ceil(s.zoom));
  const stage = useRef<HTMLDivElement>(null);
  useWheel(stage, store);
  useLayoutEffect(() => {
    const place = () => stage.current && arrange(stage.current, store.getState().zoom);
    place();
    return store.subscribe((now, before) => now.zoom !== before.zoom && place());
  });
  const shown = low === high ? [low] : [low, high];
  return (
    <div className="unf-stage" ref={stage}>
      {shown.map((level) => {
        const View = VIEWS[level] as () => ReactNode;
        return (
          <div key={level} className="unf-level" data-level={level} data-name={LEVELS[level]}>
            <View />
          </div>
        );
      })}
    </div>
  );
}

/** Moves the camera smoothly to the level that is wanted. One for all stages side by side. */
export function useCamera(store: LookingStore): void {
  const still = useStill();
  useEffect(() => {
    let frame = 0;
    const start = (level: number) => {
      cancelAnimationFrame(frame);
      const from = store.getState().zoom;
      const began = performance.now();
      const lasts = still ? 0 : 380 + 160 * Math.max(0, Math.abs(level - from) - 1);
      const move = (now: number) => {
        const share = lasts ? Math.max(0, Math.min(1, (now - began) / lasts)) : 1;
        store.setState({ zoom: share === 1 ? level : from + (level - from) * eased(share) });
        if (share < 1) frame = requestAnimationFrame(move);
      };
      if (from !== level) frame = requestAnimationFrame(move);
    };
    const stop = store.subscribe((now, before) => {
      if (now.level !== before.level) start(now.level);
    });
    start(store.getState().level); // where the page was built anew on the way
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, [store, still]);
}

function eased(share: number): number {
  return share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
}

/** Turning the wheel moves the camera between the levels; when it rests, the camera settles at the nearest. */
function useWheel(stage: React.RefObject<HTMLDivElement | null>, store: LookingStore): void {
  useEffect(() => {
    const found = stage.current;
    if (!found) return;
    let resting = 0;
    let from = store.getState().level;
    const turn = (event: WheelEvent) => {
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      if (!event.ctrlKey && scrolls(event.target as Element, found, event.deltaY)) return;
      event.preventDefault();
      const unit = event.deltaMode === 1 ? 18 : 1;
      const by = -event.deltaY * unit * (event.ctrlKey ? 0.009 : 0.0016);
      const zoom = Math.max(0, Math.min(MOST, store.getState().zoom + by));
      store.setState({ zoom });
      clearTimeout(resting);
      resting = window.setTimeout(() => {
        const away = zoom - from;
        const level = Math.max(
          0,
          Math.min(MOST, Math.abs(away) > 0.22 ? Math.round(zoom + Math.sign(away) * 0.28) : Math.round(zoom)),
        );
        from = level;
        store.setState({ level: -1 });
        store.setState({ level });
      }, 170);
    };
    const follow = store.subscribe((now) => {
      if (now.level >= 0 && now.zoom === now.level) from = now.level;
    });
    found.addEventListener("wheel", turn, { passive: false });
    return () => {
      found.removeEventListener("wheel", turn);
      clearTimeout(resting);
      follow();
    };
  }, [stage, store]);
}

/** Whether something between the pointer and the stage can itself be scrolled that way. */
function scrolls(target: Element | null, stage: Element, down: number): boolean {
  for (let element = target; element && element !== stage; element = element.parentElement) {
    const style = getComputedStyle(element);
    if (!/auto|scroll/.test(style.overflowY) || element.scrollHeight <= element.clientHeight + 1) continue;
    const room = down > 0 ? element.scrollHeight - element.clientHeight - element.scrollTop : element.scrollTop;
    if (room > 1) return true;
  }
  return false;
}

/** Puts the levels where a camera between them sees them: the deeper one grows out of the place that it opens. */
function arrange(stage: HTMLElement, zoom: number): void {
  const low = Math.floor(zoom);
  const share = zoom - low;
  const lower = stage.querySelector<HTMLElement>(`[data-level="${low}"]`);
  const upper = stage.querySelector<HTMLElement>(`[data-level="${low + 1}"]`);
  stage.dataset.moving = String(share > 0);
  if (!lower || !share || !upper) {
    for (const level of [lower, upper]) level?.removeAttribute("style");
    return;
  }
  const size = { x: stage.clientWidth, y: stage.clientHeight };
  const focus = focusOf(lower, low + 1, size);
  const k = Math.max(1.5, Math.min(CLOSEST, size.x / focus.width, size.y / focus.height));
  const s = k ** share;
  const e = (s - 1) / (k - 1);
  const centre = { x: focus.x + (size.x / 2 - focus.x) * e, y: focus.y + (size.y / 2 - focus.y) * e };
  const inside = s / k;
  lower.style.transform = `translate(${centre.x - s * focus.x}px, ${centre.y - s * focus.y}px) scale(${s})`;
  lower.style.opacity = String(1 - smooth((share - 0.15) / 0.6));
  upper.style.transform = `translate(${centre.x - (inside * size.x) / 2}px, ${centre.y - (inside * size.y) / 2}px) scale(${inside})`;
  upper.style.opacity = String(smooth((share - 0.2) / 0.6));
}

function smooth(share: number): number {
  const inside = Math.max(0, Math.min(1, share));
  return inside * inside * (3 - 2 * inside);
}

/** The centre and size of the place that the next level opens, as the level lies unmoved. */
function focusOf(level: HTMLElement, next: number, size: { x: number; y: number }) {
  const element = level.querySelector(`[data-focus="${next}"]`);
  const whole = level.getBoundingClientRect();
  const scale = whole.width / size.x || 1;
  const box = element?.getBoundingClientRect();
  if (!box?.width) return { x: size.x / 2, y: size.y / 2, width: size.x / 4, height: size.y / 4 };
  return {
    x: (box.left + box.width / 2 - whole.left) / scale,
    y: (box.top + box.height / 2 - whole.top) / scale,
    width: box.width / scale,
    height: box.height / scale,
  };
}
