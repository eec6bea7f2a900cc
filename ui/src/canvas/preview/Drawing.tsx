import { useDocument } from "../../store/document";
import { useTheme } from "../../store/layout";
import { canvasTexts as texts } from "../../texts/canvas";
import { fetchFigure } from "../../views/chart/fetchFigure";
import { thumbnail } from "../../views/chart/thumbnail";
import type { PreviewProps } from "./NodePreview";
import { useOnce } from "./once";
import css from "./preview.module.css";

/** A drawing, small: a picture, drawn once, without axis labels. */
export default function Drawing({ path, port, width, height, fresh }: PreviewProps) {
  const document = useDocument((state) => state.id);
  const theme = useTheme();
  const size = { width: width - 16, height: height - 12 };
  const question = `${document} ${path} ${port} ${fresh} ${theme} ${size.width} ${size.height}`;
  const { value, failed } = useOnce(fresh === null ? null : question, async () => {
    const drawn = await fetchFigure({ document, node: path, port });
    return { picture: thumbnail(drawn, size, theme === "dark"), title: drawn.facts.title };
  });
  if (!value) return <p className={css.none}>{failed || fresh === null ? texts.noPreview : ""}</p>;
  return <img className={css.drawing} src={value.picture} alt={value.title} {...size} draggable={false} />;
}
