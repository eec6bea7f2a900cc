import { useLayoutEffect } from "react";
import { useCatalog } from "../store/catalog";
import { useTheme } from "../store/layout";

/** The colours of port types as CSS variables, `--port-Table`, for this theme. */
export function usePortColours(): void {
  const types = useCatalog((state) => state.portTypes);
  const theme = useTheme();
  useLayoutEffect(() => {
    for (const { name, on_light, on_dark } of types.values())
      document.documentElement.style.setProperty(`--port-${name}`, theme === "dark" ? on_dark : on_light);
  }, [types, theme]);
}
