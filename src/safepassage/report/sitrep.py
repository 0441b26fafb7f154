from safepassage.disclosure.views import View


def sitrep(view: View) -> bytes:
    return b""


def public_page(view: View) -> bytes:
    return b""
