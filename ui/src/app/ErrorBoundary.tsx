import { Component, type ErrorInfo, type ReactNode } from "react";
import { Button } from "../components/Button";
import { Trace } from "../components/Trace";
import { asText } from "../graph/clipboard";
import { useDocument } from "../store/document";
import { unanswered } from "../store/session";
import { appTexts as texts } from "../texts/app";
import css from "./ErrorBoundary.module.css";

interface State {
  error: Error | null;
  where: string;
}

/** A fault in the page loses nothing: the workflow is on the server, what is not there yet can be copied. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null, where: "" };

  static getDerivedStateFromError(error: Error): Partial<State> {
    return { error };
  }

  override componentDidCatch(_: Error, info: ErrorInfo): void {
    this.setState({ where: info.componentStack ?? "" });
  }

  override render(): ReactNode {
    const { error, where } = this.state;
    if (!error) return this.props.children;
    return (
      <main className={css.fault}>
        <h1>{texts.fault}</h1>
        <p>{unanswered() > 0 ? texts.faultPending : texts.faultSaved}</p>
        <div className={css.buttons}>
          <Button kind="primary" icon="refresh" onClick={() => location.reload()}>
            {texts.reload}
          </Button>
          <Button icon="copy" onClick={() => navigator.clipboard.writeText(asText(useDocument.getState().document))}>
            {texts.copyWorkflow}
          </Button>
        </div>
        <Trace text={`${error.stack ?? error.message}\n${where}`} />
      </main>
    );
  }
}
