import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { deployment } from "../shared/api";
import { ChoosePost, Enrol } from "./enrol";
import { Heads } from "./heads";
import { HereContext, type Screen } from "./parts";
import { LANGUAGE, language as chosen, remember, remembered, usePhone } from "./phone";
import { Bus, Home, Neutral, Outbox, Room, Taken, Which } from "./screens";
import { WORDS } from "./words";

function App() {
  const phone = usePhone();
  const [language, setLanguage] = useState(chosen);
  const [screen, setScreen] = useState<Screen>("home");
  const [vehicle, setVehicle] = useState<string | null>(null);
  const t = WORDS[language];
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
    document.title = screen === "neutral" ? t.hide : `${phone.known?.setting.exercise ? `${t.exercise} · ` : ""}${deployment}`;
    scrollTo(0, 0);
  }, [language, screen, phone.known?.setting.exercise]);
  const [saved, setSaved] = useState(false);
  const go = (next: Screen, which?: string, done = false): void => {
    setSaved(done);
    setVehicle(which ?? null);
    setScreen(next);
  };
  const speak = (next: typeof language): void => {
    remember(LANGUAGE, next);
    setLanguage(next);
  };
  if (!phone.ready) return null;
  return <HereContext.Provider value={{ phone, t, language, speak, go, vehicle, saved }}><main>{shown()}</main></HereContext.Provider>;

  function shown() {
    if (screen === "neutral") return <Neutral />;
    if (!phone.device) return <Enrol />;
    if (screen === "outbox") return <Outbox />;
    if (phone.post === null) return <ChoosePost />;
    switch (screen) {
      case "home": return <Home />;
      case "busIn": case "busOut": case "busPassed": return <Bus key={screen} kind={screen} />;
      case "which": return <Which />;
      case "heads": return <Heads key={vehicle} />;
      case "taken": return <Taken />;
      case "room": return <Room />;
    }
  }
}

document.documentElement.dataset["theme"] = remembered<string>("safepassage phone theme") ?? "night";
const root = document.getElementById("root");
if (root) render(<App />, root);
// Where it cannot be kept (an address that is not secure, a browser that keeps nothing) the page works until it is closed.
navigator.serviceWorker?.register(`/${encodeURIComponent(deployment)}/worker.js`).catch(() => undefined);
