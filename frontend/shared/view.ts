// What the server discloses, mirrored by hand from src/safepassage/disclosure/views.py. Times are milliseconds UTC.

/** At least `low`, at most `high`; without `high` it is open upwards. */
export interface Count { low: number; high?: number | null }
export interface Tally { men?: number; women?: number; youth?: number; children?: number; stretchers?: number }
/** An entry of the ledger. */
export interface Ref { index: number; id: string }

export interface SideView {
  side: string; name: string; agreed: number; registered: number;
  waiting: Count; left: Count; on_the_road: Count; stopping: Count; arrived: Count; registered_there: number;
  handed_over: Count; stayed: Count; unaccounted: Count;
  waited_since: number | null; celsius: number | null;
}
export interface GapView {
  vehicle: string; start: string; end: string; missing: Count; cause: string;
  last_seen: number; last_place: string; entries: Ref[]; due: number | null;
  /** The same though devices err as published; coverage: what somebody neutral could see of that stretch, place by place. */
  in_any_case: Count; coverage: string;
}
export interface CallView { at: number; observer: string; answer: string | null; entry: Ref }
export interface CardView { card: string; vehicle: string; asks: string[]; by_when: number; standing: string; calls: CallView[] }
export interface AlarmView {
  vehicle: string; start: string; end: string; before: Tally; after: Tally; heads_before: number; heads_after: number;
  drop: number; one_in: number; threshold_one_in: number; miscount_one_in: number; raised: boolean; at: number;
  card: CardView; entries: Ref[];
}
export interface InstanceView {
  at: number; subject: string; verdict: string; until: number | null; why: string;
  standing_for: string; standing_against: string; said: string; rule: string;
  /** On how many entries it rests; listed are what opened it and the last. */
  cited: number; entries: Ref[];
}
export interface ClauseView {
  label: string; title: string; sentence: string; owed_by: string; source: string; verdict: string; shown: string;
  /** act: a person must act; soon: a limit is near or something is alleged; plain. */
  tone: "act" | "soon" | "plain";
  until: number | null; why: string;
  /** Per mille; null: nothing to watch. */
  watched: number | null;
  kept: number; not_met: number; pending: number; not_known: number; instances: InstanceView[];
}
export interface VehicleView {
  vehicle: string; kind: string; side: string; seats: number | null; doing: string; place: string | null; since: number;
  aboard: Count; counted: boolean; start: string | null; end: string | null; departed: number | null; due: number | null;
  entry: Ref | null;
}
export interface MoveView {
  vehicle: string; start: string; end: string; departed: number; heads: Count; passes: [string, number][];
  closed: number | null; closed_at: string | null; plan: string | null; planned: number | null;
}
export interface PlaceView {
  place: string; name: string; kind: string; area: string; held_by: string | null;
  /** Thousandths of the drawing's width and height. */
  x: number; y: number; lat: number | null; lon: number | null;
}
export interface LegView { start: string; end: string; minutes: number; metres: number | null }
export interface PostView { observer: string; place: string; start: number; end: number | null }
export interface WatchView { observer: string; place: string; kinds: string[]; start: number; end: number; gaps: [number, number][] }
/** `gate` handles the convoy from `handled` until it `passes`; null: the planning says no gate. */
export interface TripView {
  start: string; end: string; departs: number; passes: number; vehicles: string[]; persons: number; waits: string;
  gate: string | null; handled: number | null;
}
export interface PlanView {
  plan: string; at: number; entry: Ref; standing: string; because: Ref | null; because_said: string; trips: TripView[];
  value: number; bound: number; gap_per_mille: number; ends: number; not_before: number; largest_difference: number;
  largest_at: number; earlier: number; later: number; decide_by: number; decided_by: string | null; decided_at: number | null;
  reason: string | null; not_planned: NotPlannedView[];
}
/** When a gate that the planning names is open, as its hours were stated. */
export interface GateView { place: string; open: { start: number; end: number }[] }
/** Who waits and is in no trip of a plan: why, and what whoever decides can do. */
export interface NotPlannedView { side: string; name: string; group: string | null; persons: number; said: string; remedy: string }
/** An assumption of the plan in force that has fallen. */
export interface DriftView { what: string; subject: string; since: number; persons: number; entry: Ref | null }
export interface ExchangeSide {
  /** Null: no departure was signed, so nothing is known of it. */
  side: string; name: string; departed: Count | null; agreed: number; buses: number; owed_buses: number; may_next: number | null;
}
export interface ClaimedTerm { quantity: Count; who: string; basis: string; entry: Ref }
/** What sources say has left one side; nothing of it is established. */
export interface ClaimedSide { side: string; name: string; departed: Count | null; origins: number; agreed: ClaimedTerm[]; entries: Ref[] }
/** `sides`: from signed departures only; `claimed`: what is said of it, beside. */
export interface ExchangeView { sides: ExchangeSide[]; limit: number | null; difference: Count | null; basis: string; claimed: ClaimedSide[] }
export interface ClaimView {
  entry: Ref; source: string; source_name: string; source_kind: string; reliability: string; item: number | null;
  record: string; predicate: string; quantity: Count; who: string; where: string | null; basis: string; start: number;
  end: number; via: string | null; copy_of: Ref | null;
  /** What our own bound says of it. */
  beside_ours: string;
}
/** `hull`: what all claims together span; `beside`: figures that the eye compares and that must not be. */
export interface DisputeView {
  question: string; relation: string; claims: ClaimView[]; ours: Count | null; ours_said: string; hull: Count; origins: number; beside: string[];
}
export interface QuestionView { puzzle: string; subject: string; size: Count; said: string; settles: string; entries: Ref[] }
export interface LineView {
  entry: Ref; seen_at: number; logged_at: number; by: string; place: string | null; said: string; standing: string;
  sphere: string; kind: string; late: number | null; tone: string;
}
export interface AidView {
  at: number; place: string | null; of_party: string; what: string; answer: string; answered_at: number | null; entries: Ref[];
}

/** One disclosed picture at one tree size. Fewer entries in `size` than in `newest`: a picture of the past. */
export interface View {
  deployment: string; name: string; audience: string; exercise: boolean; demonstration: boolean; zone: string; now: number;
  size: number; newest: number; root: string;
  sides: SideView[]; gaps: GapView[]; alarms: AlarmView[]; cards: CardView[]; clauses: ClauseView[]; vehicles: VehicleView[]; moves: MoveView[];
  places: PlaceView[]; legs: LegView[]; posts: PostView[]; watches: WatchView[]; plans: PlanView[]; drift: DriftView[];
  exchange: ExchangeView | null; disputes: DisputeView[]; questions: QuestionView[]; aid: AidView[]; lines: LineView[];
  suspended_by: string[]; gates: GateView[]; green_lights: string[]; refused: number; waiting_envelopes: number; held: number; cosigned: CosignedView | null;
  refusals: RefusalView[];
  devices: { device: string; open: [number, number][]; forked: number[] }[];
  activity: number[]; activity_from: number; hidden: string[];
}

/** Who vouches for the log; `splits` are files that prove that it contradicted itself. */
export interface CosignedView { covered: number; cosigners: { name: string; size: number; at: number; counts: boolean }[]; splits: string[] }

export interface Setting {
  deployment: string; origin: string; zone: string; exercise: boolean; demonstration: boolean;
  places: { place: string; name: string; kind: string; arabic: string }[];
  vehicles: { vehicle: string; kind: string; seats: number | null; side: string }[];
  parties: (string | { party?: string; id?: string; name?: string })[];
  treehead: { size: number; root: string };
}
export interface EntryPage {
  index: number; id: string; line: string;
  /** How it counts, where later entries changed that. */
  counts: string; by: string; device: string; sequence: number; seen_at: number; logged_at: number;
  standing: string; envelope: string; proof: { size: number; root: string; path: string[] }; amended_by: Ref[];
  not_before: { size: number; at: number } | null; not_after: { at: number; by: string; size: number } | null;
}
export interface Receipt { id: string; index: number; logged_at: number; tree_size: number }
/** A problem that a person can meet: its number, what is wrong, what to do, where. */
/** An envelope that was not accepted; open while it has no answer. `anew`: the entry that says it in its stead; null: it is set aside. */
export interface RefusalView {
  digest: string; device: string; kept_at: number; number: number; what: string;
  answer: { reason: string; by: string; at: number; entry: number; anew: string | null; anew_entry: number | null } | null;
}

/** What became of one envelope of a batch. `later`: it may be accepted yet, so it is kept and sent again. */
export interface Answer { receipt?: Receipt; problem?: Problem; later?: boolean }
/** One envelope of this device that is under the hub's tree head. */
export interface HeldThere { sequence: number; digest: string; receipt: Receipt }

/** A question of the duty officer's; `about`: what must be given with it, empty where nothing must. */
export interface Askable { question: string; asks: string; about: string }
/** `heads`: bounds that hold though devices err as published; `counted`: if every count is right. */
export interface Finding { subject: string; said: string; heads: Count | null; counted: Count | null; why: Ref[]; coverage: string }
export interface Findings { question: string; now: number; size: number; findings: Finding[]; exercise: boolean }

export interface Problem { number: string; what: string; do: string; where?: string }
