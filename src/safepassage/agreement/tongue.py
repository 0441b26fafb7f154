"""The tongues an agreement is written in: what each says for the frame of a sentence and for each phrase of the vocabulary.

English is the key of every entry; `and#2` is the English word *and* in a place where another tongue needs another word. Both
texts of one agreement are read into the same clauses, so that they can be compared (`compare.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec


class Tongue(msgspec.Struct, frozen=True):
    """`says`: by English words. `units`: by unit, what stands after one, after two to ten, and after more."""

    code: str
    says: Mapping[str, str]
    units: Mapping[str, tuple[str, str, str]]
    comma: str
    semicolon: str
    quotes: tuple[str, str]

    def say(self, english: str) -> str:
        """This tongue's words for English ones."""
        plain = re.sub(r"#\d$", "", english)
        return plain if self.code == "en" else self.says[english]

    def unit(self, amount: int, unit: str) -> str:
        """`hours`, `calendar days`, as they stand after a number."""
        one, few, many = self.units[unit]
        return one if amount == 1 else few if amount <= 10 else many


_EN_UNITS = {
    "minute": ("minute", "minutes", "minutes"),
    "hour": ("hour", "hours", "hours"),
    "day": ("day of 24 hours", "days of 24 hours", "days of 24 hours"),
    "calendar": ("calendar day", "calendar days", "calendar days"),
}
_AR_UNITS = {
    "minute": ("دقيقة", "دقائق", "دقيقة"),
    "hour": ("ساعة", "ساعات", "ساعة"),
    "day": ("يوم من 24 ساعة", "أيام من 24 ساعة", "يوماً من 24 ساعة"),
    "calendar": ("يوم تقويمي", "أيام تقويمية", "يوماً تقويمياً"),
}
_AR = {
    # The frame.
    "Agreement": "الاتفاق",
    "Days are counted in the time zone": "تُحسب الأيام بالتوقيت",
    "Clause": "البند",
    "For each": "لكل",
    "within": "خلال",
    "unless": "إلا إذا",
    "and": "وكذلك",
    "a different": "تغادر حافلة مختلفة",
    "no bus counts twice": "ولا تُحسب حافلة مرتين",
    "before": "قبل ذلك",
    "at most": "بما لا يزيد على",
    "earlier": "قبله",
    "No": "يُمنع",
    "except at": "إلا في",
    "It is allowed that": "يُسمح",
    "From when": "منذ أن",
    "until": "حتى",
    "without a gap of more than": "دون انقطاع يزيد على",
    "after": "بعد",
    "and then within": "ثم خلال",
    "after each report": "بعد كل تقرير",
    "At no time do": "لا يختلف في أي وقت",
    "and#2": "عن",
    "differ by more than": "بأكثر من",
    "Once": "متى كان",
    "in all": "إجمالاً",
    "At any time, no more than": "في أي وقت لا أكثر من",
    "On any calendar day, no more than": "في أي يوم تقويمي لا أكثر من",
    "the hour is between": "تكون الساعة بين",
    "and#3": "وبين",
    "Owed by": "على عاتق",
    "Source:": "المصدر:",
    "Watched through": "تُراقَب عبر",
    "The clock stops while passage is suspended": "يتوقف الوقت ما دام المرور معلقاً",
    "Times count only as far as they are proved": "لا تُحتسب الأوقات إلا بقدر ما هي مثبتة",
    "Established by": "يثبت بعدد",
    "independent sources": "من المصادر المستقلة",
    # After: For each.
    "bus that departs {place}": "حافلة تغادر {place}",
    "person who boards": "شخص يصعد إلى حافلة",
    "person who alights": "شخص ينزل من حافلة",
    "person who is registered at arrival": "شخص يُسجَّل عند الوصول",
    "allegation that a person was taken off a bus": "ادعاء بأن شخصاً أُنزِل من حافلة",
    "request for access by a monitor": "طلب وصول من مراقب",
    "request for access for relief": "طلب وصول للإغاثة",
    "suspension by a side": "تعليق من أحد الجانبين",
    "departure of the last convoy from {place}": "مغادرة لآخر قافلة من {place}",
    # What is owed.
    "that person is registered at arrival": "يُسجَّل ذلك الشخص عند الوصول",
    "that person is registered at a reception": "يُسجَّل ذلك الشخص في مركز استقبال",
    "an inquiry into it opens": "يُفتح تحقيق فيه",
    "it is granted": "يُستجاب له",
    "it is answered": "يُردّ عليه",
    "the same side resumes": "يستأنف الجانب نفسه",
    "bus departs {place}": "من {place}",
    # Unless.
    "that person is wounded": "كان ذلك الشخص جريحاً",
    "that person is handed to a hospital": "سُلِّم ذلك الشخص إلى مستشفى",
    "that person is handed over at a hospital": "سُلِّم ذلك الشخص في مستشفى",
    # Before.
    "that person must have consented in private": "يجب أن يكون ذلك الشخص قد وافق على انفراد",
    "that person must have chosen that place": "يجب أن يكون ذلك الشخص قد اختار ذلك المكان",
    "the other side must have breached a clause": "يجب أن يكون الجانب الآخر قد أخلّ ببند",
    "the last convoy from {place} must have departed": "يجب أن تكون آخر قافلة من {place} قد غادرت",
    # No.
    "person is taken off a bus by a party": "أن يُنزِل طرف شخصاً من حافلة",
    "attack on medical staff, transport or a hospital": "الاعتداء على طاقم طبي أو نقل طبي أو مستشفى",
    "attack on a convoy or an assembly point": "الاعتداء على قافلة أو نقطة تجمع",
    "monitor is expelled by a party": "أن يطرد طرف مراقباً",
    "person is injured by a party": "أن يجرح طرف شخصاً",
    "person is robbed by a party": "أن يسلب طرف شخصاً",
    "person is denied boarding by a party": "أن يمنع طرف شخصاً من الصعود إلى حافلة",
    "bus is searched by a party": "أن يفتش طرف حافلة",
    "road is closed by a party": "أن يغلق طرف طريقاً",
    "access is refused by a party": "أن يرفض طرف الوصول",
    "family is separated": "تفريق أسرة",
    # Presence and cycle.
    "a convoy enters a crossing": "تدخل قافلة معبراً",
    "it leaves": "تغادره",
    "a UN monitor is on post there": "يكون مراقب من الأمم المتحدة في موقعه هناك",
    "The Secretary-General reports to the Council": "يقدم الأمين العام تقريراً إلى المجلس",
    "the adoption": "الاعتماد",
    # It is allowed that.
    "a bus is searched": "بتفتيش حافلة",
    "a person is taken off a bus by a party": "بأن يُنزِل طرف شخصاً من حافلة",
    "passage is suspended": "بتعليق المرور",
    # Running sums.
    "the persons departed from {place}": "عدد الأشخاص المغادرين من {place}",
    "the buses departed from {place}": "عدد الحافلات المغادرة من {place}",
    "the detainees released by {party}": "عدد المحتجزين الذين أفرج عنهم {party}",
    "persons have departed from {place}": "شخصاً قد غادروا {place}",
    "buses have departed from {place}": "حافلة قد غادرت {place}",
    "detainees have been released by {party}": "محتجزاً قد أفرج عنهم {party}",
    "depart from {place}": "شخصاً يغادرون {place}",
    "buses depart from {place}": "من الحافلات تغادر {place}",
    "detainees are released by {party}": "محتجزاً يفرج عنهم {party}",
}

ENGLISH = Tongue("en", {}, _EN_UNITS, ",", ";", ('"', '"'))
ARABIC = Tongue("ar", _AR, _AR_UNITS, "،", "؛", ("«", "»"))
TONGUES = {tongue.code: tongue for tongue in (ENGLISH, ARABIC)}
