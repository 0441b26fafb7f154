"""A plain judge of explanations: it knows the log and the rules, and nothing of the evaluator.

It asks of what an explanation cites: is it there, is it signed where the verdict needs it, is it in time. It judges duties,
preconditions and bans; of the other four shapes it checks only that what is cited is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from safepassage.agreement.clause import Ban, Before, Clause, Duty, Elapsed
from safepassage.agreement.explain import Explanation
from safepassage.agreement.verdict import Verdict
from safepassage.observation import Entry
from safepassage.observation.desk import FindingSigned
from safepassage.observation.setting import WatchClosed
from safepassage.values.ids import EntryId


def check(explanation: Explanation, clause: Clause, entries: Iterable[Entry]) -> str:
    """What is wrong with an explanation, in a sentence; empty where nothing is.

    Parameters
    ----------
    entries
        What is in force.
    """
    log = {entry.id: entry for entry in entries}
    absent = [id for id in explanation.entries if id not in log]
    if absent:
        return f"it cites {absent[0][:8]}, which is not in force"
    if clause.label != explanation.label:
        return "it speaks of another clause"
    if explanation.instance.opened_by is not None and explanation.instance.opened_by not in explanation.entries:
        return "it does not cite what opened it"
    return _of_shape(explanation, clause, log)


def _of_shape(explanation: Explanation, clause: Clause, log: Mapping[EntryId, Entry]) -> str:
    cited = [log[id].observation for id in explanation.entries]
    opener, rest = cited[0] if cited else None, cited[1:]
    if opener is None or not isinstance(clause.shape, Duty | Before | Ban):
        return ""
    watches = [one for one in rest if isinstance(one.what, WatchClosed)]
    acts = [one for one in rest if not isinstance(one.what, WatchClosed)]
    signed = [one for one in acts if one.told_by is None]
    match clause.shape, explanation.instance.verdict:
        case (Ban(), Verdict.BREACHED):
            found = any(isinstance(one.what, FindingSigned) for one in signed)
            named = getattr(opener.what, "by_whom", None) is not None and opener.told_by is None
            return "" if named or found else "no signatory was seen, and no finding is cited"
        case (Ban(), Verdict.KEPT | Verdict.PENDING):
            return "a ban is never kept or pending"
        case (Duty(within=within), Verdict.KEPT):
            last = opener.seen_at + within.milliseconds if isinstance(within, Elapsed) and not clause.clock_stops else None
            in_time = [one for one in signed if one.seen_at >= opener.seen_at and (last is None or one.seen_at <= last)]
            return "" if in_time else "nothing signed and in time is cited"
        case (Before(), Verdict.KEPT):
            return "" if any(one.seen_at <= opener.seen_at for one in signed) else "nothing signed and earlier is cited"
        case (Duty(), Verdict.BREACHED):
            return "" if watches and not signed and opener.told_by is None else "silence is called a breach without a watch"
        case _:
            return ""
