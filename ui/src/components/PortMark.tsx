import { useCatalog } from "../store/catalog";
import { useTheme } from "../store/layout";

const around = (corners: number, turn: number, radius: number): string =>
  Array.from({ length: corners }, (_, corner) => {
    const angle = ((turn + (360 / corners) * corner) * Math.PI) / 180;
    return `${(8 + radius * Math.cos(angle)).toFixed(1)},${(8 + radius * Math.sin(angle)).toFixed(1)}`;
  }).join(" ");

const CORNERS: Record<string, [number, number]> = {
  triangle: [3, -90],
  diamond: [4, 0],
  pentagon: [5, -90],
  hexagon: [6, 0],
};

/** The mark of a port type: its colour and its shape. */
export function PortMark({ type, size = 12 }: { type: string; size?: number }) {
  const kind = useCatalog((state) => state.portTypes.get(type));
  const theme = useTheme();
  const colour = kind ? (theme === "dark" ? kind.on_dark : kind.on_light) : "currentColor";
  const corners = CORNERS[kind?.shape ?? ""];
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" fill={colour} aria-hidden="true" style={{ flex: "none" }}>
      {kind?.shape === "square" ? (
        <rect x="2.5" y="2.5" width="11" height="11" rx="2" />
      ) : corners ? (
        <polygon points={around(corners[0], corners[1], 7)} />
      ) : (
        <circle cx="8" cy="8" r="6" />
      )}
    </svg>
  );
}
