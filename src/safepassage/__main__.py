"""`python -m safepassage`."""

from safepassage.cli import main

raise SystemExit(main())
