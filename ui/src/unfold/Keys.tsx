import { unfoldTexts as texts } from "../texts/unfold";

/** The keys that work in the view, in a list that opens. */
export function Keys() {
  return (
    <details className="unf-keys" onKeyDown={(event) => event.key === "Escape" && close(event)}>
      <summary title={texts.keys}>{texts.keys}</summary>
      <dl>
        {texts.keyList.map(([key, deed]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{deed}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function close(event: React.KeyboardEvent<HTMLDetailsElement>): void {
  if (!event.currentTarget.open) return;
  event.stopPropagation();
  event.currentTarget.open = false;
}
