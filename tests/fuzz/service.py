"""Throw what the OpenAPI document allows, and what it does not, at a server: `python service.py`.

Not part of the test run: `python tests/fuzz/service.py [MAX_EXAMPLES [SEED]]` (extra `dev`) starts
`landbridge serve` and lets Schemathesis ask every route by its examples, at the limits of each
field, at random, and one route after another. Every answer must be one that the document names, in
the form that it names; 503 says that the server is full, which is its right. What the document
allows may still be refused: a text may be no place's name.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = (sys.executable, "-c", "import sys; from landbridge.cli import main; sys.exit(main())")
CHECKS = """
[checks]
positive_data_acceptance.enabled = false

[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", "503"]

[checks.negative_data_rejection]
expected-statuses = ["4xx", "503"]
"""


def main() -> int:
    """Run it, and return what Schemathesis returns."""
    examples = sys.argv[1] if len(sys.argv) > 1 else "100"
    seed = sys.argv[2] if len(sys.argv) > 2 else "1"
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "schemathesis.toml")
        config.write_text(CHECKS, encoding="utf-8")
        server = subprocess.Popen(
            [*PROGRAM, "serve", "--port", "0"],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "LANDBRIDGE_TOKEN": ""},
        )
        try:
            for line in server.stderr or ():
                found = re.search(r"http://[^ ]+:[0-9]+", line)
                if found:
                    break
            else:
                return 1
            return subprocess.run(
                [
                    Path(sys.executable).with_name("schemathesis"),
                    *("--config-file", str(config), "run", f"{found[0]}/openapi.json"),
                    *("--max-examples", examples, "--seed", seed, "--request-timeout", "60"),
                ],
                check=False,
                cwd=folder,  # where it keeps what it found
            ).returncode
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    sys.exit(main())
