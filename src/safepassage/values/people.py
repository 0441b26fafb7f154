"""How urgently a person must leave, and who somebody is in the work; nothing about belief, origin or arms is ever stored of a person."""

from __future__ import annotations

from enum import Enum


class Care(Enum):
    """Priority of evacuation, severest first (S/RES/2328 para 4; DOMAIN C10)."""

    CRITICAL = "critical"
    WOUNDED = "wounded"
    VULNERABLE = "vulnerable"
    GENERAL = "general"


class Role(Enum):
    """What a device is enrolled for; decides which kinds of observation it may record."""

    AUTHORITY = "authority"
    HUB = "hub"
    MONITOR = "monitor"
    DESK = "desk"
    OPERATIONS = "operations"
    PARTY = "party"
    GUARANTOR = "guarantor"
    COUNCIL = "council"
    RECEPTION = "reception"
    HOSPITAL = "hospital"
    PROTECTION = "protection"


class Teller(Enum):
    """Who said it, where the signer did not see it: a kind of person, never a name."""

    PASSENGER = "a passenger"
    DRIVER = "a driver"
    ESCORT = "an escort"
    DOCTOR = "a doctor"
    RELATIVE = "a relative"
    RESIDENT = "a resident"
    PARTY = "a party"
    MONITOR = "a monitor"
    RADIO = "the radio"
    SOURCE = "a published source"
    OTHER = "somebody"
