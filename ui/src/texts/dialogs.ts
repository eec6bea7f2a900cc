export const dialogTexts = {
  close: "Close",
  cancel: "Cancel",
  dismiss: "Put away",
  told: "Notices",
  trace: "Technical details",
};
