// Keyboard: `?` lists all. Off while typing.
import { useEffect } from "preact/hooks";

export interface Keys { [key: string]: () => void }

export function useKeys(keys: Keys, on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const pressed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as HTMLElement;
      if (target.matches("input:not([type=range]):not([type=radio]), textarea, select") || document.querySelector("dialog[open]")) return;
      const act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  });
}

/** Focus to the next row of the panel that has it, or of the whole page. */
export function stepRow(by: number): void {
  const within = document.activeElement?.closest(".panel") ?? document;
  const rows = [...within.querySelectorAll<HTMLElement>("[data-row]")];
  if (rows.length === 0) return;
  const at = rows.indexOf(document.activeElement as HTMLElement);
  rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))]!.focus();
}

export function focusPanel(number: number): void {
  const panel = document.getElementById(`p${number}`);
  (panel?.querySelector<HTMLElement>("[data-row]") ?? panel)?.focus();
  panel?.scrollIntoView({ block: "nearest" });
}

const LIST = [["1 – 8", "panel"], ["j  k", "next, previous row"], ["Enter, w", "why"], ["Esc", "back"], ["a", "adopt the proposal, with a reason"], ["d", "decline it, with a reason"],
  [",  .", "one entry back, on"], ["[  ]", "an hour back, on"], ["0", "now"], ["g", "to the slider: as we knew it"], ["r", "put the rows in order"], ["t", "night or day"], ["?", "this list"]] as const;

export function KeyList({ close }: { close: () => void }) {
  return (
    <dialog class="ask" ref={(node: HTMLDialogElement | null) => { if (node && !node.open) node.showModal(); }} onClose={close} aria-label="Keys">
      <header><h2>Keys</h2></header>
      <dl class="facts">{LIST.map(([key, does]) => <><dt><kbd>{key}</kbd></dt><dd>{does}</dd></>)}</dl>
      <form method="dialog" class="acts"><button class="primary">Close <kbd>Esc</kbd></button></form>
    </dialog>
  );
}
