// First use: a code (never a name), a key of one's own, then the post.
import { useState } from "preact/hooks";
import { problemIn } from "../shared/api";
import { Page, useHere } from "./parts";
import { placeName } from "./phone";

export function Enrol() {
  const { phone, t } = useHere();
  const [observer, setObserver] = useState("m40");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const make = async (): Promise<void> => {
    setBusy(true);
    setWrong("");
    try {
      await phone.enrolAs(observer);
    } catch (error) {
      const problem = problemIn(error);
      setWrong(`${problem.what} ${problem.do}`);
    } finally {
      setBusy(false);
    }
  };
  if (!phone.known) return <Page title={t.whoAreYou}><p class="pad note">{t.cutOff}</p></Page>;
  return (
    <Page title={t.whoAreYou} note={t.keyHelp}
      foot={<>{wrong && <p class="wrong" role="alert">{wrong}</p>}<button class="big primary" disabled={busy || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(observer)} onClick={() => void make()}>{busy ? t.making : t.makeKey}</button></>}>
      <div class="pad"><label class="lab" for="who">{t.observer}</label><input id="who" class="typed" dir="ltr" value={observer} maxLength={36} autocomplete="off" autocapitalize="none" onInput={(event) => setObserver(event.currentTarget.value.trim())} />
        <p class="note">{t.observerHelp}</p><p class="note">{t.neutralHelp}</p>{!globalThis.isSecureContext && <p class="wrong">{t.secure}</p>}</div>
    </Page>
  );
}

export function ChoosePost() {
  const { phone, language, t } = useHere();
  const [place, pick] = useState<string | null>(null);
  const [wrong, setWrong] = useState("");
  const take = (): void => void phone.takePost(place!).catch((error: unknown) => setWrong(problemIn(error).what));
  return (
    <Page title={t.post} note={<bdi>{phone.device?.observer}</bdi>} foot={<>{wrong && <p class="wrong" role="alert">{wrong}</p>}<button class="big primary" disabled={place === null} onClick={take}>{t.startPost}</button></>}>
      <div class="pad two">{phone.known?.setting.places.map((one) => <button key={one.place} class={`big ${place === one.place ? "on" : ""}`} aria-pressed={place === one.place} onClick={() => pick(one.place)}><bdi>{placeName(phone.known, one.place, language)}</bdi></button>)}</div>
    </Page>
  );
}
