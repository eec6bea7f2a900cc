import { useState } from "react";
import { useLasting } from "../store/lasting";
import { haveEnough } from "../store/session";
import { appTexts as texts } from "../texts/app";
import { Button } from "./Button";

/** Ends what trains after its epoch and keeps what is learnt. node: only there; nothing where nothing trains. */
export function KeepButton({ node }: { node?: string }) {
  const lasting = useLasting();
  const nodes = node === undefined ? lasting : lasting.filter((path) => path === node);
  return nodes.length > 0 ? <Keep key={nodes.join(" ")} nodes={nodes} /> : null;
}

function Keep({ nodes }: { nodes: string[] }) {
  const [asked, setAsked] = useState(false);
  return (
    <Button
      icon="check"
      title={texts.keepHint}
      disabled={asked}
      onClick={() => {
        for (const node of nodes) haveEnough(node);
        setAsked(true);
      }}
    >
      {asked ? texts.keeping : texts.keep}
    </Button>
  );
}
