import { unfoldTexts as texts } from "../../texts/unfold";
import type { Head, Route } from "./shapes";

type Follows = Pick<Head, "followed">;

/** What J is, in words. */
export function followedName({ followed }: Follows): string {
  return followed?.name ?? texts.theLoss;
}

/** Whether J is a loss, rather than an output. */
export function isLoss({ followed }: Follows): boolean {
  return !followed || followed.chosen === "task";
}

/** By which way a route's error comes. What the network answers enters where the loss would. */
export function routeLabel(head: Follows, route: Pick<Route, "external" | "label">): string {
  return route.external === "loss" && !isLoss(head) ? texts.answerRoute : route.label;
}
