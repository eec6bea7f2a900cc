import MarkdownToJsx from "markdown-to-jsx";
import css from "./Markdown.module.css";

const options = {
  disableParsingRawHTML: true,
  forceBlock: true,
  overrides: {
    a: { props: { target: "_blank", rel: "noreferrer noopener" } },
    img: { component: ({ alt }: { alt?: string }) => <em>{alt}</em> }, // nothing is fetched from elsewhere
  },
};

/** A text in Markdown as a page; HTML in it is shown as it is written. Heavy: load it when it is needed. */
export default function Markdown({ text }: { text: string }) {
  return (
    <div className={css.markdown}>
      <MarkdownToJsx options={options}>{text}</MarkdownToJsx>
    </div>
  );
}
